import type { Viewer } from '../calls/history/visibility.ts'
import type { Database } from '../database/pool.ts'
import { inTransaction } from '../database/transaction.ts'
import { recordTenantEvent } from '../events.ts'
import { listedTasks, type ListedTask } from './tasks.ts'

/** Announces due tasks to the pages of each company, once. At most `limit` tasks; the next run announces the rest. */
export async function announceDueTasks(db: Database, now: Date, limit = 500): Promise<number> {
  return inTransaction(db, async (trx) => {
    const due = await trx
      .selectFrom('tasks')
      .select(['id', 'tenant_id'])
      .where('announced_at', 'is', null)
      .where('done_at', 'is', null)
      .where('due_at', '<=', now)
      .orderBy('due_at')
      .limit(limit)
      .forUpdate()
      .skipLocked()
      .execute()
    if (due.length === 0) return 0
    const ids = due.map(({ id }) => id)
    await trx.updateTable('tasks').set({ announced_at: now }).where('id', 'in', ids).execute()
    for (const tenantId of new Set(due.map(({ tenant_id }) => tenant_id))) await recordTenantEvent(trx, tenantId, 'tasks-due', now)
    return due.length
  })
}

/** The open tasks announced at `announcedAt` that the viewer may see. */
export async function listAnnounced(db: Database, viewer: Viewer, announcedAt: Date): Promise<ListedTask[]> {
  return listedTasks(db, viewer)
    .where('tasks.announced_at', '=', announcedAt)
    .where('tasks.done_at', 'is', null)
    .orderBy('tasks.due_at')
    .limit(20)
    .execute()
}
