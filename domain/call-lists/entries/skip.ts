import type { Call } from '../../calls/call.ts'
import type { Database, Trx } from '../../database/pool.ts'
import { inTransaction } from '../../database/transaction.ts'
import { addTask } from '../../tasks/tasks.ts'
import type { CallListEntry } from './entries.ts'
import type { AgentRef } from './hold.ts'

/** How often a lead goes back to the end of a list uncalled. */
export const mostSkips = 3

/**
 * The agent does not want to call what lies before them: it goes to the end of the list, or, skipped too often, is passed
 * over. Null when it is not theirs any more.
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

/** The agent will call what lies before them at `dueAt`: a task takes the place of the entry. False when it is not theirs any more. */
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
    const task = { kind: 'callback', e164: entry.e164, agentId: worker.agentId, dueAt, createdBy: userId } as const
    await addTask(trx, worker.tenantId, task, now)
    return true
  })
}

/** A callback was agreed on for a call from a list: the list need not call again. */
export async function noteListCallback(trx: Trx, { list_id, e164 }: Call, now: Date): Promise<void> {
  if (list_id === null || e164 === null) return
  await trx
    .updateTable('call_list_entries')
    .set({ state: 'done', reason: 'callback', changed_at: now })
    .where('list_id', '=', list_id)
    .where('e164', '=', e164)
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
