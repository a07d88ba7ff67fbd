import { sql, type RawBuilder, type Selectable } from 'kysely'
import { reportGraceMs } from '../../balance/lease-timing.ts'
import { lockOpenLease } from '../../balance/ledger.ts'
import { talkSeconds, wholeSeconds } from '../../balance/billing-rule.ts'
import type { Moment } from '../../runtime/clock.ts'
import type { Database } from '../../database/pool.ts'
import type { LeasesTable } from '../../database/schema/balance.ts'
import { inTransaction } from '../../database/transaction.ts'
import { lockReportedCall, type Call, type LockedCall } from '../call.ts'
import { markCut, type CutReason } from '../outgoing/cut-off.ts'
import { closeCall } from '../end.ts'
import { readEventLog, type LoggedTalk } from './channel-event-log.ts'
import { settleIncoming } from '../incoming/end.ts'
import { talkMs } from '../talk-time.ts'

/** Clicks that Asterisk has not answered yet. */
export async function findWaitingRequests(db: Database): Promise<{ callId: string; requestedAt: Date }[]> {
  const rows = await db.selectFrom('calls').select(['id', 'requested_at']).where('state', '=', 'requested').limit(500).execute()
  return rows.map((row) => ({ callId: row.id, requestedAt: row.requested_at }))
}

/** Ends a click that failed on our side. The lead was not dialled, and nothing is charged. */
export async function failRequest(db: Database, callId: string, now: Date): Promise<void> {
  await inTransaction(db, async (trx) => {
    const locked = await lockReportedCall(trx, callId)
    if (locked?.call.state !== 'requested') return
    await closeCall(trx, locked, { state: 'refused', outcome: 'our-failure', talkedSeconds: 0, hungUpBy: null, report: null }, now)
  })
}

/** A call that holds a lease, with the agent's channel. */
export interface HeldCall {
  callId: string
  channel: string | null
  uniqueId: string | null
  /** When it was told to end. */
  cutAt: Date | null
}

/**
 * Calls whose lease runs out before `at`. A call that takes no minutes is never overdue: a missing renewal must not end an
 * emergency call.
 */
export async function findOverdueCalls(db: Database, at: Moment): Promise<HeldCall[]> {
  return findHeldCalls(db, sql<boolean>`calls.free_of_charge = 0 and ${passed('expires', at)}`)
}

/** Calls without a renewal since `since`: they may have ended without a report. */
export async function findSilentCalls(db: Database, since: Moment): Promise<HeldCall[]> {
  return findHeldCalls(db, passed('renewed', since))
}

async function findHeldCalls(db: Database, condition: RawBuilder<boolean>): Promise<HeldCall[]> {
  const rows = await db
    .selectFrom('leases')
    .innerJoin('calls', 'calls.id', 'leases.call_id')
    .select(['leases.call_id', 'leases.cut_at', 'calls.channel', 'calls.unique_id'])
    .where('leases.closed_at', 'is', null)
    .where(condition)
    .limit(500)
    .execute()
  return rows.map((row) => ({ callId: row.call_id, channel: row.channel, uniqueId: row.unique_id, cutAt: row.cut_at }))
}

/**
 * Open incoming calls that no probe has found alive since `since`: they have no lease. A time in the future dates from before
 * the wall clock was set back.
 */
export async function findSilentIncoming(db: Database, since: Date, now: Date): Promise<HeldCall[]> {
  const rows = await db
    .selectFrom('calls')
    .select(['id', 'channel', 'unique_id'])
    .where('state', 'in', ['authorized', 'answered'])
    .where('origin', '=', 'incoming')
    .where(sql<boolean>`coalesce(heard_at, requested_at) not between ${since} and ${now}`)
    .limit(500)
    .execute()
  return rows.map((row) => ({ callId: row.id, channel: row.channel, uniqueId: row.unique_id, cutAt: null }))
}

/** Compares by the steady clock, or by the wall clock if the machine has restarted since. */
function passed(what: 'expires' | 'renewed', { now, uptime }: Moment): RawBuilder<boolean> {
  const byWallClock = sql<boolean>`${sql.ref(`leases.${what}_at`)} < ${now}`
  return sql<boolean>`if(leases.boot = ${uptime.boot}, ${sql.ref(`leases.${what}_uptime_ms`)} < ${uptime.ms}, ${byWallClock})`
}

/** Answered calls whose recording is not paused, with its current part. */
export async function findTalkingCalls(db: Database): Promise<{ callId: string; part: number }[]> {
  const rows = await db
    .selectFrom('calls')
    .leftJoin('recording_pauses', 'recording_pauses.open_call_id', 'calls.id')
    .select((eb) => [
      'calls.id',
      eb
        .selectFrom('recording_parts')
        .select(({ fn }) => fn.max<number | null>('part').as('part'))
        .whereRef('recording_parts.call_id', '=', 'calls.id')
        .as('part'),
    ])
    .where('calls.state', '=', 'answered')
    .where('recording_pauses.id', 'is', null)
    .limit(2000)
    .execute()
  return rows.map((row) => ({ callId: row.id, part: row.part ?? 1 }))
}

/**
 * Stores that the worker ends a call whose lease runs out within `headStartMs`. Returns why, and whether the call may go on
 * because the balance is enough and only its tick is late. Null if a tick came first.
 */
export async function markCutFromOutside(
  db: Database,
  callId: string,
  headStartMs: number,
  at: Moment,
): Promise<{ reason: CutReason; mayGoOn: boolean } | null> {
  return inTransaction(db, async (trx) => {
    const locked = await lockReportedCall(trx, callId)
    const lease = locked && (await lockOpenLease(trx, callId))
    if (!lease || overdueMs(lease, at) < -headStartMs) return null
    const reason = await markCut(trx, locked, at.now)
    // A ringing call has no ticks, so it may not go on.
    return reason && { reason, mayGoOn: reason === 'network' && locked.call.state === 'answered' }
  })
}

/**
 * Settles a call that has ended without a report. A talk is charged to the second if Asterisk's event log has its end,
 * otherwise up to the last renewal. A call that the lead did not answer costs nothing. Changes nothing if the call has ended
 * already. Returns whether it settled the call.
 */
export async function settleUnreportedCall(db: Database, callId: string, at: Moment): Promise<boolean> {
  return settle(db, callId, at, {})
}

/** The same for a call whose recording Asterisk closed at `endedAt`. */
export async function settleRecordedCall(db: Database, callId: string, endedAt: Date, at: Moment): Promise<boolean> {
  return settle(db, callId, at, { endedAt })
}

/** The same for a call whose lease has run out, checked again under lock. */
export async function settleLostCall(db: Database, callId: string, at: Moment): Promise<boolean> {
  return settle(db, callId, at, { onlyOverdue: true })
}

async function settle(
  db: Database,
  callId: string,
  at: Moment,
  { endedAt, onlyOverdue = false }: { endedAt?: Date; onlyOverdue?: boolean },
): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    const locked = await lockReportedCall(trx, callId)
    if (locked?.call.origin === 'incoming') return settleIncoming(trx, locked, at.now)
    const lease = locked && (await lockOpenLease(trx, callId))
    if (!lease || (onlyOverdue && overdueMs(lease, at) < reportGraceMs)) return false
    const answered = locked.call.state === 'answered'
    const log = answered ? await readEventLog(trx, locked.call) : null
    const talked = answered && !log?.unmetered
    const talkedSeconds = talked ? talkOf(locked, lease, log, endedAt, at) : 0
    const outcome = talked ? 'answered' : 'our-failure'
    await closeCall(trx, locked, { state: 'lost', outcome, talkedSeconds, hungUpBy: null, report: null }, at.now)
    return true
  })
}

/** Negative while the lease has not run out. */
function overdueMs(lease: Selectable<LeasesTable>, { now, uptime }: Moment): number {
  return lease.boot === uptime.boot && lease.expires_uptime_ms !== null
    ? uptime.ms - lease.expires_uptime_ms
    : now.getTime() - lease.expires_at.getTime()
}

/**
 * The event log and the recording tell the time by the wall clock, which may have been set during the call. So they count only
 * between the last renewal, when the call was alive, and now.
 */
function talkOf(
  { call }: LockedCall,
  lease: Selectable<LeasesTable>,
  log: LoggedTalk | null,
  recordingEndedAt: Date | undefined,
  at: Moment,
): number {
  const renewed = lease.talked_seconds
  const possible = wholeSeconds(talkMs(call, at))
  const logged = loggedTalkSeconds(call, log, recordingEndedAt)
  const plausible = logged !== null && logged >= renewed - toleranceSeconds && logged <= possible + toleranceSeconds
  return plausible ? logged : renewed
}

function loggedTalkSeconds(call: Call, log: LoggedTalk | null, recordingEndedAt?: Date): number | null {
  const answeredAt = log?.answeredAt ?? call.answered_at
  const endedAt = log?.endedAt ?? recordingEndedAt
  return answeredAt && endedAt ? talkSeconds(answeredAt, endedAt) : null
}

/** Asterisk logs the answer and the end when they happen; our own times are those of the requests that follow. */
const toleranceSeconds = 2
