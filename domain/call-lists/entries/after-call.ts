import type { Call } from '../../calls/call.ts'
import type { Trx } from '../../database/pool.ts'
import type { Outcome } from '../../telephony/hangup-causes.ts'
import type { Refusal } from '../../policy/verdicts.ts'
import type { EntryState } from './entries.ts'
import { heldFrom } from './hold.ts'

/** The lead was reached, or never can be. */
const final: readonly Outcome[] = ['answered', 'unknown-number']
/** The lead's phone rang, or should have, and the lead did not answer. */
const inVain: readonly Outcome[] = ['busy', 'no-answer', 'rejected', 'carrier-failure', 'cancelled']
const aboutTheNumber: readonly Refusal[] = ['do-not-call', 'destination-blocked', 'invalid-number']

/**
 * Updates the entry of a call that has ended. The agent keeps it for a while, because they are still busy with it. A call that
 * failed on our side changes nothing: the lead was not called.
 */
export async function noteListCall(trx: Trx, call: Call, outcome: Outcome, now: Date): Promise<void> {
  const entry = await lockEntry(trx, call)
  if (!entry) return
  // The agent hung up before Asterisk dialled the lead.
  const wasDialled = call.authorized_at !== null
  if (final.includes(outcome)) return leave(trx, entry, { state: 'done', reason: outcome }, call, now)
  if (!inVain.includes(outcome) || !wasDialled) return leave(trx, entry, {}, call, now)
  const attempts = entry.attempts + 1
  if (attempts >= entry.most_attempts) return leave(trx, entry, { state: 'passed', reason: outcome, attempts }, call, now)
  const due_at = new Date(now.getTime() + entry.wait_minutes * 60_000)
  await leave(trx, entry, { reason: outcome, attempts, due_at }, call, now)
}

/** Updates the entry of a refused call. If the number is the reason, the entry is not tried again. */
export async function noteListRefusal(trx: Trx, call: Call, refusal: Refusal, now: Date): Promise<void> {
  const entry = await lockEntry(trx, call)
  if (entry) await leave(trx, entry, aboutTheNumber.includes(refusal) ? { state: 'passed', reason: refusal } : {}, call, now)
}

interface Change {
  state?: EntryState
  reason?: string
  attempts?: number
  due_at?: Date
}

interface LockedEntry {
  id: number
  attempts: number
  held_by: number | null
  most_attempts: number
  wait_minutes: number
}

async function lockEntry(trx: Trx, { list_id, e164 }: Call): Promise<LockedEntry | undefined> {
  if (list_id === null || e164 === null) return undefined
  const entry = await trx
    .selectFrom('call_list_entries')
    .select(['id', 'attempts', 'held_by'])
    .where('list_id', '=', list_id)
    .where('e164', '=', e164)
    .where('state', '=', 'waiting')
    .forUpdate()
    .executeTakeFirst()
  if (!entry) return undefined
  const rules = await trx
    .selectFrom('call_lists')
    .select(['most_attempts', 'wait_minutes'])
    .where('id', '=', list_id)
    .executeTakeFirstOrThrow()
  return { ...entry, ...rules }
}

/** The call held the entry for its longest duration; from now on the agent's page holds it. */
async function leave(trx: Trx, entry: LockedEntry, change: Change, { agent_id }: Call, now: Date): Promise<void> {
  const hold = entry.held_by === agent_id ? { held_until: heldFrom(now) } : {}
  await trx
    .updateTable('call_list_entries')
    .set({ ...change, ...hold, changed_at: now })
    .where('id', '=', entry.id)
    .execute()
}
