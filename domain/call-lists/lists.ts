import type { Selectable } from 'kysely'
import { matchingContacts, type ContactFilter } from '../contacts/contacts.ts'
import type { Database, Trx } from '../database/pool.ts'
import type { CallListsTable } from '../database/schema/contacts.ts'
import { inTransaction } from '../database/transaction.ts'

export type CallList = Selectable<CallListsTable>

/** The progress of a list: how many leads wait, are done, or were passed over. */
export interface Progress {
  waiting: number
  done: number
  passed: number
}

export interface CallListRules {
  name: string
  mostAttempts: number
  waitMinutes: number
}

export const longestListName = 80
export const mostAttempts = 10
export const longestWaitMinutes = 7 * 24 * 60
export const usualRules = { mostAttempts: 3, waitMinutes: 60 }

/** The number of leads that a list made with `filter` would have. */
export async function countLeads(db: Database, tenantId: number, filter: ContactFilter): Promise<number> {
  const row = await matchingContacts(db, tenantId, filter)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return row.count
}

/**
 * Makes a list of the leads that match, by name. Returns null and makes no list if none match. Inserts entries
 * in small batches while the list is still closed: each insert locks the company's row until commit, and calls wait for that row.
 */
export async function addCallList(
  db: Database,
  tenantId: number,
  filter: ContactFilter,
  rules: CallListRules,
  userId: number,
  now: Date,
): Promise<{ id: number; size: number } | null> {
  const leads = await matchingContacts(db, tenantId, filter).select('contacts.id').orderBy('contacts.name').orderBy('contacts.id').execute()
  if (leads.length === 0) return null
  const added = await db
    .insertInto('call_lists')
    .values({ tenant_id: tenantId, ...columnsOf(rules), created_at: now, created_by: userId, closed_at: now })
    .executeTakeFirstOrThrow()
  const id = Number(added.insertId)
  let size = 0
  for (let from = 0; from < leads.length; from += entriesAtOnce) {
    const entries = leads
      .slice(from, from + entriesAtOnce)
      .map((lead) => ({ tenant_id: tenantId, list_id: id, contact_id: lead.id, due_at: now, changed_at: now }))
    const inserted = await db.insertInto('call_list_entries').ignore().values(entries).executeTakeFirstOrThrow()
    size += Number(inserted.numInsertedOrUpdatedRows ?? 0n)
  }
  await reopenCallList(db, tenantId, id)
  return { id, size }
}

const entriesAtOnce = 500

/** A company's open or closed lists, newest first. */
export async function listCallLists(
  db: Database,
  tenantId: number,
  { closed = false, limit = 100 }: { closed?: boolean; limit?: number } = {},
): Promise<(CallList & Progress)[]> {
  const lists = await db
    .selectFrom('call_lists')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('closed_at', closed ? 'is not' : 'is', null)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  const progress = await readProgress(
    db,
    tenantId,
    lists.map(({ id }) => id),
  )
  return lists.map((list) => ({ ...list, ...(progress.get(list.id) ?? none) }))
}

/** The names of all lists, for a choice. */
export async function listCallListNames(db: Database, tenantId: number): Promise<Pick<CallList, 'id' | 'name'>[]> {
  return db.selectFrom('call_lists').select(['id', 'name']).where('tenant_id', '=', tenantId).orderBy('id', 'desc').limit(200).execute()
}

/** Null for a list of another company. */
export async function findCallList(db: Database, tenantId: number, listId: number): Promise<CallList | null> {
  const list = db.selectFrom('call_lists').selectAll().where('tenant_id', '=', tenantId).where('id', '=', listId)
  return (await list.executeTakeFirst()) ?? null
}

/** The same with its progress. */
export async function findListProgress(db: Database, tenantId: number, listId: number): Promise<(CallList & Progress) | null> {
  const list = await findCallList(db, tenantId, listId)
  return list && { ...list, ...((await readProgress(db, tenantId, [list.id])).get(list.id) ?? none) }
}

/** Applies from the next call on. */
export async function changeCallList(db: Database, tenantId: number, listId: number, rules: CallListRules): Promise<void> {
  await db.updateTable('call_lists').set(columnsOf(rules)).where('tenant_id', '=', tenantId).where('id', '=', listId).execute()
}

/** Closes a list. Calls in progress continue. False if it was closed before. */
export async function closeCallList(db: Database, tenantId: number, listId: number, now: Date): Promise<boolean> {
  const list = db.updateTable('call_lists').set({ closed_at: now }).where('tenant_id', '=', tenantId).where('id', '=', listId)
  return (await list.where('closed_at', 'is', null).executeTakeFirst()).numUpdatedRows === 1n
}

/** Opens a list again; with `closedAt` only if it was closed at that moment, not since. Returns whether it is open. */
export async function reopenCallList(db: Database, tenantId: number, listId: number, closedAt: Date | null = null): Promise<boolean> {
  const list = db.updateTable('call_lists').set({ closed_at: null }).where('tenant_id', '=', tenantId).where('id', '=', listId)
  await (closedAt ? list.where('closed_at', '=', closedAt) : list).execute()
  return (await findCallList(db, tenantId, listId))?.closed_at === null
}

export async function hasListCalls(db: Database | Trx, tenantId: number, listId: number): Promise<boolean> {
  const call = db.selectFrom('calls').select('id').where('tenant_id', '=', tenantId).where('list_id', '=', listId).limit(1)
  return (await call.executeTakeFirst()) !== undefined
}

/** Deletes a list without calls. False if it has calls. */
export async function removeCallList(db: Database, tenantId: number, listId: number): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    // A new call that names this list waits for this lock, and then finds no list.
    const list = trx.selectFrom('call_lists').select('id').where('tenant_id', '=', tenantId).where('id', '=', listId)
    if (!(await list.forUpdate().executeTakeFirst()) || (await hasListCalls(trx, tenantId, listId))) return false
    await trx.deleteFrom('call_lists').where('id', '=', listId).execute()
    return true
  })
}

const none: Progress = { waiting: 0, done: 0, passed: 0 }

async function readProgress(db: Database, tenantId: number, listIds: number[]): Promise<Map<number, Progress>> {
  const progress = new Map(listIds.map((id) => [id, { ...none }]))
  if (listIds.length === 0) return progress
  const rows = await db
    .selectFrom('call_list_entries')
    .select(({ fn }) => ['list_id', 'state', fn.countAll<number>().as('count')])
    .where('tenant_id', '=', tenantId)
    .where('list_id', 'in', listIds)
    .groupBy(['list_id', 'state'])
    .execute()
  for (const { list_id, state, count } of rows) {
    const of = progress.get(list_id)
    if (of) of[state] = count
  }
  return progress
}

function columnsOf({ name, mostAttempts, waitMinutes }: CallListRules) {
  return { name, most_attempts: mostAttempts, wait_minutes: waitMinutes }
}
