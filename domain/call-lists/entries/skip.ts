import type { Call } from '../../calls/call.ts'
import type { Database, Trx } from '../../database/pool.ts'
import { inTransaction } from '../../database/transaction.ts'
import { listContactNumbers, numberToCall } from '../../contacts/numbers.ts'
import { addTask } from '../../tasks/tasks.ts'
import type { CallListEntry } from './entries.ts'
import type { AgentRef } from './hold.ts'

/** How many times a lead goes back to the end of a list without a call. */
export const mostSkips = 3

/**
 * Skips the lead that an agent holds: it goes to the end of the list or, after too many skips, is passed over. Null if the agent
 * does not hold it.
 */
export async function skipEntry(db: Database, worker: AgentRef, entryId: number, now: Date): Promise<'to the end' | 'passed over' | null> {
  return inTransaction(db, async (trx) => {
    const entry = await lockHeld(trx, worker, entryId, now)
    if (!entry) return null
    const isPassed = entry.skips >= mostSkips
    await trx
      .updateTable('call_list_entries')
      .set({ held_by: null, held_until: null, changed_at: now })
      .set(isPassed ? { state: 'passed', reason: 'skipped' } : { skips: entry.skips + 1, due_at: entry.due_at > now ? entry.due_at : now })
      .where('id', '=', entry.id)
      .execute()
    return isPassed ? 'passed over' : 'to the end'
  })
}

/** Replaces the entry by a task due at `dueAt`. False if the agent does not hold the entry. */
export async function callBackLater(
  db: Database,
  worker: AgentRef,
  entryId: number,
  { dueAt, userId }: { dueAt: Date; userId: number },
  now: Date,
): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    const entry = await lockHeld(trx, worker, entryId, now)
    if (!entry) return false
    await trx
      .updateTable('call_list_entries')
      .set({ state: 'done', reason: 'callback', held_by: null, held_until: null, changed_at: now })
      .where('id', '=', entry.id)
      .execute()
    const number = numberToCall(await listContactNumbers(trx, worker.tenantId, entry.contact_id))
    if (!number) return false
    const task = { kind: 'callback', e164: number.e164, agentId: worker.agentId, dueAt, createdBy: userId } as const
    await addTask(trx, worker.tenantId, task, now)
    return true
  })
}

/** A callback was agreed during a call from a list, so the list does not call again. */
export async function noteListCallback(trx: Trx, { list_id, contact_id }: Call, now: Date): Promise<void> {
  if (list_id === null || contact_id === null) return
  await trx
    .updateTable('call_list_entries')
    .set({ state: 'done', reason: 'callback', changed_at: now })
    .where('list_id', '=', list_id)
    .where('contact_id', '=', contact_id)
    .where('state', '=', 'waiting')
    .execute()
}

async function lockHeld(trx: Trx, { tenantId, agentId }: AgentRef, entryId: number, now: Date): Promise<CallListEntry | undefined> {
  return trx
    .selectFrom('call_list_entries')
    .selectAll()
    .where('id', '=', entryId)
    .where('tenant_id', '=', tenantId)
    .where('held_by', '=', agentId)
    .where('held_until', '>', now)
    .where('state', '=', 'waiting')
    .forUpdate()
    .executeTakeFirst()
}
