import { sql, type Selectable } from 'kysely'
import type { Viewer } from '../calls/history/visibility.ts'
import type { Database, Trx } from '../database/pool.ts'
import { preparedChange } from '../database/prepared.ts'
import type { TasksTable } from '../database/schema/contacts.ts'
import { inTransaction } from '../database/transaction.ts'
import { recordTenantEvent } from '../events.ts'

export type Task = Selectable<TasksTable>

export interface NewTask {
  kind: Task['kind']
  e164: string
  /** The agent it is for; null = any agent of the company. */
  agentId?: number | null
  dueAt: Date
  note?: string
  /** The call that created it. */
  callId?: string | null
  /** The user who created it; null for a missed call, which creates its task itself. */
  createdBy?: number | null
}

/** A task with what a list shows of it. The lead is the one that has the number now. */
export interface ListedTask extends Task {
  contact_id: number | null
  contact_name: string | null
  contact_company: string | null
  agent_name: string | null
  do_not_call_at: Date | null
}

export const longestTaskNote = 500

/**
 * Adds a task to call a number. A second missed call from the number updates the open task instead: it counts the call and is due
 * again.
 */
export async function addTask(trx: Trx, tenantId: number, task: NewTask, now: Date): Promise<{ outcome: 'added' | 'counted'; id: number }> {
  const missed = task.kind === 'missed'
  const callId = task.callId ?? null
  const result = await trx
    .insertInto('tasks')
    .values({
      tenant_id: tenantId,
      kind: task.kind,
      e164: task.e164,
      agent_id: task.agentId ?? null,
      due_at: task.dueAt,
      note: task.note ?? '',
      call_id: callId,
      missed_calls: missed ? 1 : 0,
      open_missed: missed ? task.e164 : null,
      created_at: now,
      created_by: task.createdBy ?? null,
    })
    .onDuplicateKeyUpdate((old) => ({
      // insertId is then the id of the existing row.
      id: sql`last_insert_id(tasks.id)`,
      missed_calls: old('missed_calls', '+', 1),
      due_at: task.dueAt,
      call_id: callId,
      announced_at: null,
    }))
    .executeTakeFirstOrThrow()
  await recordTenantEvent(trx, tenantId, 'tasks-changed', now)
  return { outcome: result.numInsertedOrUpdatedRows === 1n ? 'added' : 'counted', id: Number(result.insertId) }
}

/** Marks a task as done. False if the viewer has no such open task. */
export async function finishTask(db: Database, viewer: Viewer, taskId: number, userId: number, now: Date): Promise<boolean> {
  return changeTask(db, viewer, taskId, now, (trx) =>
    trx
      .updateTable('tasks')
      .set({ done_at: now, done_by: userId, done_how: 'hand', open_missed: null })
      .where('id', '=', taskId)
      .where('done_at', 'is', null)
      .executeTakeFirst(),
  )
}

export type TaskReopened =
  /** The task is open, also if it was before. */
  | 'reopened'
  /** A later missed call has made a new task: that one counts. */
  | 'superseded'
  /** Another user or a call has finished the task since. */
  | 'finished-since'
  | 'gone'

/** Reopens a task that the user finished by hand. */
export async function reopenTask(db: Database, viewer: Viewer, taskId: number, userId: number, now: Date): Promise<TaskReopened> {
  return inTransaction(db, async (trx) => {
    const task = await lockTask(trx, viewer, taskId)
    if (!task) return 'gone'
    if (task.done_at === null) return 'reopened'
    if (task.done_by !== userId || task.done_how !== 'hand') return 'finished-since'
    if (task.kind === 'missed' && (await hasOpenMissed(trx, task))) return 'superseded'
    const open_missed = task.kind === 'missed' ? task.e164 : null
    await trx.updateTable('tasks').set({ done_at: null, done_by: null, done_how: null, open_missed }).where('id', '=', taskId).execute()
    await recordTenantEvent(trx, viewer.tenantId, 'tasks-changed', now)
    return 'reopened'
  })
}

/** Postpones a task to `dueAt`. */
export async function postponeTask(db: Database, viewer: Viewer, taskId: number, dueAt: Date, now: Date): Promise<boolean> {
  return changeTask(db, viewer, taskId, now, (trx) =>
    trx
      .updateTable('tasks')
      .set({ due_at: dueAt, announced_at: null })
      .where('id', '=', taskId)
      .where('done_at', 'is', null)
      .executeTakeFirst(),
  )
}

/** An agent has talked on a number: finishes the due tasks of the number and of all numbers of the lead `contactId`. */
export async function finishTasksOfNumber(
  trx: Trx,
  tenantId: number,
  { e164, contactId }: { e164: string; contactId: number | null },
  agentId: number,
  now: Date,
): Promise<void> {
  const finished = await finishDueTasks(trx, { tenantId, e164, contactId: contactId ?? 0, agentId, now })
  if (finished > 0) await recordTenantEvent(trx, tenantId, 'tasks-changed', now)
}

const finishDueTasks = preparedChange(
  (db, { tenantId, e164, contactId, agentId, now }: { tenantId: number; e164: string; contactId: number; agentId: number; now: Date }) =>
    db
      .updateTable([
        'tasks',
        db
          .selectFrom('contact_numbers')
          .select('contact_numbers.e164')
          .where('tenant_id', '=', tenantId)
          .where('contact_id', '=', contactId)
          // In the column's own character set, so that the index of tasks is used.
          .union(db.selectNoFrom(sql<string>`convert(${e164} using ascii) collate ascii_bin`.as('e164')))
          .as('talked_to'),
      ])
      .set((set) => ({
        done_at: now,
        done_by: set.selectFrom('agents').select('user_id').where('id', '=', agentId),
        done_how: 'call',
        open_missed: null,
      }))
      .where('tasks.tenant_id', '=', tenantId)
      .whereRef('tasks.e164', '=', 'talked_to.e164')
      .where('done_at', 'is', null)
      .where('due_at', '<=', now),
)

/** Moves open callbacks to another number of the lead. */
export async function moveCallbacks(trx: Trx, tenantId: number, from: string, to: string, now: Date): Promise<void> {
  const moved = await trx
    .updateTable('tasks')
    .set({ e164: to })
    .where('tenant_id', '=', tenantId)
    .where('e164', '=', from)
    .where('done_at', 'is', null)
    .where('kind', '=', 'callback')
    .executeTakeFirst()
  if (moved.numUpdatedRows > 0n) await recordTenantEvent(trx, tenantId, 'tasks-changed', now)
}

/** Open tasks, the longest due first, at most `limit`. */
export async function listTasks(db: Database, viewer: Viewer, { limit = 200 }: { limit?: number } = {}): Promise<ListedTask[]> {
  return listedTasks(db, viewer).where('tasks.done_at', 'is', null).orderBy('tasks.due_at').orderBy('tasks.id').limit(limit).execute()
}

/** The open tasks of a lead's numbers. */
export async function listTasksOfNumbers(db: Database, viewer: Viewer, numbers: readonly string[]): Promise<ListedTask[]> {
  const tasks = listedTasks(db, viewer).where('tasks.e164', 'in', numbers).where('tasks.done_at', 'is', null)
  return tasks.orderBy('tasks.due_at').limit(20).execute()
}

/** Null for a task that the viewer may not see. */
export async function findTask(db: Database, viewer: Viewer, taskId: number): Promise<ListedTask | null> {
  return (await listedTasks(db, viewer).where('tasks.id', '=', taskId).executeTakeFirst()) ?? null
}

/** The number of tasks due now. */
export async function countDueTasks(db: Database, viewer: Viewer, now: Date): Promise<number> {
  const row = await visibleTasks(db, viewer)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('tasks.done_at', 'is', null)
    .where('tasks.due_at', '<=', now)
    .executeTakeFirstOrThrow()
  return row.count
}

/** Whether the number has another open missed-call task. Locks it until the transaction ends. */
async function hasOpenMissed(trx: Trx, { tenant_id, e164 }: Task): Promise<boolean> {
  const open = trx.selectFrom('tasks').select('id').where('tenant_id', '=', tenant_id).where('open_missed', '=', e164)
  return (await open.forUpdate().executeTakeFirst()) !== undefined
}

async function changeTask(
  db: Database,
  viewer: Viewer,
  taskId: number,
  now: Date,
  change: (trx: Trx) => Promise<{ numUpdatedRows: bigint }>,
): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    if (!(await lockTask(trx, viewer, taskId)) || (await change(trx)).numUpdatedRows === 0n) return false
    await recordTenantEvent(trx, viewer.tenantId, 'tasks-changed', now)
    return true
  })
}

async function lockTask(trx: Trx, viewer: Viewer, taskId: number): Promise<Task | undefined> {
  return visibleTasks(trx, viewer).selectAll('tasks').where('tasks.id', '=', taskId).forUpdate().executeTakeFirst()
}

/** The tasks that a viewer may see, with their leads. */
export function listedTasks(db: Database, viewer: Viewer) {
  return visibleTasks(db, viewer)
    .leftJoin('contact_numbers', (join) =>
      join.onRef('contact_numbers.tenant_id', '=', 'tasks.tenant_id').onRef('contact_numbers.e164', '=', 'tasks.e164'),
    )
    .leftJoin('contacts', 'contacts.id', 'contact_numbers.contact_id')
    .leftJoin('agents', 'agents.id', 'tasks.agent_id')
    .leftJoin('users', 'users.id', 'agents.user_id')
    .leftJoin('do_not_call', (join) =>
      join.onRef('do_not_call.tenant_id', '=', 'tasks.tenant_id').onRef('do_not_call.e164', '=', 'tasks.e164'),
    )
    .selectAll('tasks')
    .select(['contacts.id as contact_id', 'contacts.name as contact_name', 'contacts.company as contact_company'])
    .select(['users.name as agent_name', 'do_not_call.created_at as do_not_call_at'])
}

/** A manager sees all tasks of the tenant. An agent sees their own and the unassigned ones. */
function visibleTasks(db: Database | Trx, viewer: Viewer) {
  const tasks = db.selectFrom('tasks').where('tasks.tenant_id', '=', viewer.tenantId)
  if (viewer.kind === 'manager') return tasks
  return tasks.where((where) => where.or([where('tasks.agent_id', '=', viewer.agentId), where('tasks.agent_id', 'is', null)]))
}
