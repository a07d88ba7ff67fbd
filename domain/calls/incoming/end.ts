import { wholeSeconds } from '../../balance/billing-rule.ts'
import type { Moment } from '../../runtime/clock.ts'
import type { Database, Trx } from '../../database/pool.ts'
import type { HungUpBy } from '../../database/schema.ts'
import { inTransaction } from '../../database/transaction.ts'
import { limitSecondsOf, lockReportedCall, type LockedCall } from '../call.ts'
import { brokeOff } from '../../telephony/hangup-causes.ts'
import { closeCall } from '../end.ts'
import { readEventLog } from '../reconcile/channel-event-log.ts'
import { closeMissedCall, type MissedReason } from './missed.ts'
import { talkMs } from '../talk-time.ts'

export interface IncomingEnd {
  callId: string
  /** Of the caller's channel. */
  uniqueId: string
  /** Dial's DIALSTATUS; CANCEL: the caller hung up while phones rang. */
  dialStatus: string
  /** Whether the agent's side ended first. */
  agentEnded: boolean
  /** Q.850 cause of the end. */
  cause: number
}

/** The caller's leg hung up. A report changes nothing if the call has ended already. */
export async function endIncoming(db: Database, end: IncomingEnd, at: Moment): Promise<{ tenantId: number | null }> {
  const { now } = at
  return inTransaction(db, async (trx) => {
    const locked = await lockReportedCall(trx, end.callId)
    const tenantId = locked?.tenant.id ?? null
    if (locked?.call.origin !== 'incoming' || locked.call.unique_id !== end.uniqueId) return { tenantId }
    const { call } = locked
    if (call.state === 'answered') {
      const talkedSeconds = wholeSeconds(talkMs(call, at))
      const hungUpBy = findHungUpBy(locked, end, talkedSeconds)
      await closeCall(trx, locked, { state: 'ended', outcome: 'answered', talkedSeconds, hungUpBy, report: null }, now)
    } else if (call.state === 'authorized') {
      await closeMissedCall(trx, locked, whyMissed(end.dialStatus), now)
    }
    return { tenantId }
  })
}

/** Ends an incoming call without a report, by Asterisk's event log. The tenant and the call are locked. */
export async function settleIncoming(trx: Trx, locked: LockedCall, now: Date): Promise<boolean> {
  const { call } = locked
  if (call.state === 'authorized') {
    await closeMissedCall(trx, locked, 'our-failure', now, 'lost')
    return true
  }
  if (call.state !== 'answered' || call.answered_at === null) return false
  const log = await readEventLog(trx, call)
  const talkedSeconds = log ? wholeSeconds(log.endedAt.getTime() - call.answered_at.getTime()) : 0
  await closeCall(trx, locked, { state: 'lost', outcome: 'answered', talkedSeconds, hungUpBy: null, report: null }, now)
  return true
}

/** ANSWER: an agent answered, but the answer was not stored. No DIALSTATUS: the caller hung up before a phone rang. */
function whyMissed(dialStatus: string): MissedReason {
  if (dialStatus === 'ANSWER') return 'our-failure'
  return dialStatus === 'CANCEL' || dialStatus === '' ? 'gave-up' : 'nobody'
}

function findHungUpBy(locked: LockedCall, end: IncomingEnd, talkedSeconds: number): HungUpBy {
  if (talkedSeconds >= limitSecondsOf(locked)) return 'limit'
  if (brokeOff(end.cause)) return 'network'
  return end.agentEnded ? 'agent' : 'lead'
}
