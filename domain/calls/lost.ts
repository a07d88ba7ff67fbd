import { lockOpenLease } from '../balance.ts'
import type { Database } from '../database/pool.ts'
import { inTransaction } from '../database/transaction.ts'
import { lockReportedCall } from './call.ts'
import { markCut } from './cut.ts'
import { closeCall } from './end.ts'

/** How long after a lease ran out a hang-up report may still come, before the call counts as lost. */
export const reportGraceMs = 30_000

/** Clicks made until `before` that still wait for Asterisk. */
export async function findWaitingRequests(db: Database, before: Date): Promise<{ callId: string; requestedAt: Date }[]> {
  const rows = await db
    .selectFrom('calls')
    .select(['id', 'requested_at'])
    .where('state', '=', 'requested')
    .where('requested_at', '<=', before)
    .limit(500)
    .execute()
  return rows.map((row) => ({ callId: row.id, requestedAt: row.requested_at }))
}

/** Ends a click that came to nothing through our fault. Nobody was dialled, nothing is charged. */
export async function failRequest(db: Database, callId: string, now: Date): Promise<void> {
  await inTransaction(db, async (trx) => {
    const locked = await lockReportedCall(trx, callId)
    if (locked?.call.state !== 'requested') return
    await closeCall(trx, locked, { state: 'refused', outcome: 'our-failure', talkUntil: null, hungUpBy: null, report: null }, now)
  })
}

/** Calls whose lease runs out before `before` and that nobody has settled, with the agent's channel, and when they were told to end. */
export async function findOverdueCalls(
  db: Database,
  before: Date,
): Promise<{ callId: string; channel: string | null; cutAt: Date | null }[]> {
  const rows = await db
    .selectFrom('leases')
    .innerJoin('calls', 'calls.id', 'leases.call_id')
    .select(['leases.call_id', 'leases.cut_at', 'calls.channel'])
    .where('leases.closed_at', 'is', null)
    .where('leases.expires_at', '<', before)
    .limit(500)
    .execute()
  return rows.map((row) => ({ callId: row.call_id, channel: row.channel, cutAt: row.cut_at }))
}

/** Calls in talk, for whoever looks for other signs of their end. */
export async function findTalkingCalls(db: Database): Promise<string[]> {
  const rows = await db.selectFrom('calls').select('id').where('state', '=', 'answered').limit(2000).execute()
  return rows.map((row) => row.id)
}

/**
 * Settles a call whose hang-up report was lost, by a witness: Asterisk closed its recording at `endedAt`. Charged to
 * that second, like any other; `lost` only because who hung up is not known.
 */
export async function settleWitnessedCall(db: Database, callId: string, endedAt: Date, now: Date): Promise<void> {
  await inTransaction(db, async (trx) => {
    const locked = await lockReportedCall(trx, callId)
    if (locked?.call.state !== 'answered') return
    await closeCall(trx, locked, { state: 'lost', outcome: 'answered', talkUntil: endedAt, hungUpBy: null, report: null }, now)
  })
}

/** Notes that a call was told to end from outside. */
export async function markCutFromOutside(db: Database, callId: string, now: Date): Promise<void> {
  await inTransaction(db, async (trx) => {
    const locked = await lockReportedCall(trx, callId)
    if (locked) await markCut(trx, locked, now)
  })
}

/**
 * Settles a call that nobody reported. A talk is charged up to the last sign of life, its last renewal, never
 * beyond. Checks again under lock that the lease is still overdue.
 */
export async function settleLostCall(db: Database, callId: string, now: Date): Promise<void> {
  await inTransaction(db, async (trx) => {
    const locked = await lockReportedCall(trx, callId)
    if (!locked) return
    const { call } = locked
    const lease = await lockOpenLease(trx, callId)
    if (!lease || lease.expires_at.getTime() + reportGraceMs > now.getTime()) return
    const answered = call.state === 'answered'
    await closeCall(
      trx,
      locked,
      {
        state: 'lost',
        outcome: answered ? 'answered' : 'our-failure',
        talkUntil: answered ? lease.renewed_at : null,
        hungUpBy: null,
        report: null,
      },
      now,
    )
  })
}
