import type { Call } from '../../calls/call.ts'
import type { Trx } from '../../database/pool.ts'
import { notReached, type Outcome } from '../../telephony/hangup-causes.ts'
import { isAboutTheNumber, type Refusal } from '../../policy/verdicts.ts'
import type { EntryState } from './entries.ts'
import { heldFrom } from './hold.ts'

/**
 * Updates the entry of a call that has ended. The agent keeps it for a while, because they are still busy with it. A lead who did not
 * answer is due again after the list's waiting time; calls to several of the lead's numbers before that count as one attempt. A call
 * that failed on our side changes nothing: the lead was not called.
 */
export async function noteListCall(trx: Trx, call: Call, outcome: Outcome, now: Date): Promise<void> {
  const entry = await lockEntry(trx, call)
  if (!entry) return
  // The agent hung up before Asterisk dialled the lead.
  const wasDialled = call.authorized_at !== null
  // A call to another number of the lead just before did not reach them.
  const isFurtherNumber = entry.due_at > call.requested_at
  if (outcome === 'answered') return leave(trx, entry, { state: 'done', reason: outcome }, call, now)
  if (outcome === 'unknown-number' && !isFurtherNumber) return leave(trx, entry, { state: 'done', reason: outcome }, call, now)
  if (!notReached.includes(outcome) || !wasDialled) return leave(trx, entry, stateAfter(entry, entry.attempts), call, now)
  const attempts = isFurtherNumber ? entry.attempts : entry.attempts + 1
  const due_at = new Date(now.getTime() + entry.wait_minutes * 60_000)
  await leave(trx, entry, { ...stateAfter(entry, attempts), reason: outcome, attempts, due_at }, call, now)
}

/** A lead without attempts left is passed over. */
function stateAfter({ most_attempts }: LockedEntry, attempts: number): Change {
  return attempts >= most_attempts ? { state: 'passed' } : {}
}

/** Updates the entry of a refused call. If the number is the reason, the entry is not tried again. */
export async function noteListRefusal(trx: Trx, call: Call, refusal: Refusal, now: Date): Promise<void> {
  const entry = await lockEntry(trx, call)
  if (!entry) return
  const change: Change = isAboutTheNumber(refusal) ? { state: 'passed', reason: refusal } : stateAfter(entry, entry.attempts)
  await leave(trx, entry, change, call, now)
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
  due_at: Date
  held_by: number | null
  most_attempts: number
  wait_minutes: number
}

async function lockEntry(trx: Trx, { list_id, contact_id }: Call): Promise<LockedEntry | undefined> {
  if (list_id === null || contact_id === null) return undefined
  const entry = await trx
    .selectFrom('call_list_entries')
    .select(['id', 'attempts', 'due_at', 'held_by'])
    .where('list_id', '=', list_id)
    .where('contact_id', '=', contact_id)
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
