import { addCallList } from '../../domain/call-lists/lists.ts'
import type { Database, Trx } from '../../domain/database/pool.ts'
import { addTask } from '../../domain/tasks/tasks.ts'

interface Callback {
  e164: string
  agentId: number | null
}

/** A missed caller, a callback that is overdue, and one for later. */
export async function addOpenTasks(
  trx: Trx,
  tenantId: number,
  { missed, overdue, later }: { missed: string; overdue: Callback; later: Callback },
  now: Date,
): Promise<void> {
  const minutes = (n: number) => new Date(now.getTime() + n * 60_000)
  await addTask(trx, tenantId, { kind: 'missed', e164: missed, dueAt: minutes(-12) }, minutes(-12))
  const note = 'Pediu a proposta revisada.'
  await addTask(trx, tenantId, { kind: 'callback', ...overdue, dueAt: minutes(-3), note }, minutes(-90))
  await addTask(trx, tenantId, { kind: 'callback', ...later, dueAt: minutes(240) }, minutes(-60))
}

/** A list of all leads: some have been called, and one is open before the agent. */
export async function listAtWork(db: Database, tenantId: number, agentId: number, now: Date): Promise<number> {
  const { id: author } = await db.selectFrom('users').select('id').where('tenant_id', '=', tenantId).executeTakeFirstOrThrow()
  const rules = { name: 'Feira de novembro', mostAttempts: 3, waitMinutes: 60 }
  const list = await addCallList(db, tenantId, {}, rules, author, now)
  if (!list) throw new Error('the demo has leads')
  const entries = await db.selectFrom('call_list_entries').select('id').where('list_id', '=', list.id).orderBy('id').execute()
  const later = new Date(now.getTime() + 60 * 60_000)
  const changes = [
    { held_by: agentId, held_until: later },
    { state: 'done' as const, reason: 'answered' },
    { reason: 'busy', attempts: 1, due_at: later },
    { state: 'passed' as const, reason: 'do-not-call' },
    { state: 'done' as const, reason: 'callback' },
  ]
  for (const [n, change] of changes.entries()) {
    await db
      .updateTable('call_list_entries')
      .set({ ...change, agent_id: agentId, changed_at: now })
      .where('id', '=', entries[n]?.id ?? 0)
      .execute()
  }
  return list.id
}
