import { settleLease } from '../balance/ledger.ts'
import { billedSeconds, wholeSeconds } from '../balance/billing-rule.ts'
import type { Moment } from '../runtime/clock.ts'
import type { Database, Trx } from '../database/pool.ts'
import type { CallState, HungUpBy } from '../database/schema.ts'
import { prepared } from '../database/prepared.ts'
import { inTransaction } from '../database/transaction.ts'
import { brokeOff, unansweredOutcome, type HangupReport, type Outcome } from '../telephony/hangup-causes.ts'
import { priceCall } from '../balance/rates.ts'
import { billingRuleOf } from '../tenants/tenants.ts'
import { countSeconds } from '../policy/usage-counters.ts'
import { afterEnd } from './after-end.ts'
import { agentOf, limitSecondsOf, lockReportedCall, type LockedCall, type openStates } from './call.ts'
import { talkMs } from './talk-time.ts'
import { closeTransfer } from './transfers/open-transfers.ts'

export interface CallEnd extends HangupReport {
  callId: string
  /** Of the channel that hung up: the agent's, or the lead's after a transfer. */
  uniqueId: string
  /** Whether the lead's side ended first. */
  leadEnded: boolean
  /** Q.850 cause of the agent's own leg. */
  agentCause: number
}

/**
 * The agent's leg hung up. One transaction sets the end state and the outcome, and charges the call. A report changes nothing if the
 * call has ended already, or if another leg sends it than the call's own: the leg of a call file that Asterisk read twice, or
 * the agent's leg after a transfer.
 */
export async function endCall(db: Database, end: CallEnd, at: Moment): Promise<{ tenantId: number | null }> {
  const { now } = at
  return inTransaction(db, async (trx) => {
    const locked = await lockReportedCall(trx, end.callId)
    if (!locked) return { tenantId: null }
    const { call, tenant } = locked
    if (call.unique_id !== null && call.unique_id !== end.uniqueId) return { tenantId: tenant.id }
    // UNMETERED: the answer is stored, but the dialplan did not receive our reply and hung up the lead.
    const talked = call.state === 'answered' && end.dialStatus !== 'UNMETERED'
    if (talked) {
      const [lease] = await leaseOf(trx, { callId: call.id })
      const talkedSeconds = wholeSeconds(talkMs(call, at))
      const hungUpBy = lease?.cut_reason ?? findHungUpBy(locked, end, talkedSeconds)
      await closeCall(trx, locked, { state: 'ended', outcome: 'answered', talkedSeconds, hungUpBy, report: end }, now)
    } else if (call.state === 'authorized' || call.state === 'answered') {
      await closeCall(trx, locked, unansweredEnd(end), now)
    } else if (call.state === 'requested') {
      // The agent's phone answered while the AGI server was down, so authorize never ran.
      await closeCall(trx, locked, { state: 'refused', outcome: 'our-failure', talkedSeconds: 0, hungUpBy: null, report: end }, now)
    }
    return { tenantId: tenant.id }
  })
}

export interface Closing {
  state: Exclude<CallState, (typeof openStates)[number]>
  outcome: Outcome
  /** 0 when there was no talk. */
  talkedSeconds: number
  hungUpBy: HungUpBy | null
  report: HangupReport | null
}

/** The cause that our dialplan hangs up with after a refusal (dialplan/refused.conf). */
const refusedByUs = 21

function unansweredEnd(end: CallEnd): Closing {
  // The call was allowed, but the dialplan did not get our reply in time and did not dial.
  const replyLost = end.dialStatus === '' && end.agentCause === refusedByUs
  return { state: 'ended', outcome: replyLost ? 'our-failure' : unansweredOutcome(end), talkedSeconds: 0, hungUpBy: null, report: end }
}

/** Ends an open call, once, and settles its lease. The tenant and the call are locked. */
export async function closeCall(trx: Trx, { call, tenant }: LockedCall, closing: Closing, now: Date): Promise<void> {
  const { talkedSeconds } = closing
  const billed = await settleLease(trx, call, billedSeconds(talkedSeconds, billingRuleOf(call)), now)
  if (billed > 0) await countSeconds(trx, tenant, agentOf(call), billed, now)
  const { costMicros, priceMicros } = await priceCall(trx, call, talkedSeconds, billed)
  if (call.state === 'answered') await closeTransfer(trx, { callId: call.id })
  const { state, outcome, hungUpBy, report } = closing
  const [sipCode, q850] = [report?.sipCode || null, report?.q850 || null]
  await setClosed(trx, { callId: call.id, state, outcome, hungUpBy, sipCode, q850, now, talkedSeconds, billed, costMicros, priceMicros })
  await afterEnd(trx, { call, state, outcome }, now)
}

interface Closed extends Omit<Closing, 'report'> {
  callId: string
  sipCode: number | null
  q850: number | null
  now: Date
  billed: number
  costMicros: number | null
  priceMicros: number | null
}

const setClosed = prepared((db, closed: Closed) =>
  db
    .updateTable('calls')
    .set({
      state: closed.state,
      outcome: closed.outcome,
      hung_up_by: closed.hungUpBy,
      sip_code: closed.sipCode,
      q850: closed.q850,
      open_agent_id: null,
      ended_at: closed.now,
      talk_seconds: closed.talkedSeconds,
      billed_seconds: closed.billed,
      cost_micros: closed.costMicros,
      price_micros: closed.priceMicros,
    })
    .where('id', '=', closed.callId),
)

function findHungUpBy(locked: LockedCall, end: CallEnd, talkedSeconds: number): HungUpBy {
  if (talkedSeconds >= limitSecondsOf(locked)) return 'limit'
  if (brokeOff(end.leadEnded ? end.q850 : end.agentCause)) return 'network'
  return end.leadEnded ? 'lead' : 'agent'
}

const leaseOf = prepared((db, { callId }: { callId: string }) => db.selectFrom('leases').select('cut_reason').where('call_id', '=', callId))
