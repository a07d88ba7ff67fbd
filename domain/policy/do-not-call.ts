import { sql, type Selectable, type SqlBool } from 'kysely'
import type { Database, Trx } from '../database/pool.ts'
import type { DoNotCallTable } from '../database/schema/policy.ts'
import { matches } from '../database/text-search.ts'

export type DoNotCallEntry = Selectable<DoNotCallTable>

/** An entry with the lead that has its number. */
export interface ListedDoNotCall extends DoNotCallEntry {
  contact_name: string | null
}

/** The tenant's entry for a number. Read on every click and every authorisation, and never cached. */
export function doNotCallEntry(db: Database | Trx, tenantId: number, e164: string) {
  return db.selectFrom('do_not_call').where('tenant_id', '=', tenantId).where('e164', '=', e164)
}

export async function findDoNotCall(db: Database | Trx, tenantId: number, e164: string): Promise<ListedDoNotCall | null> {
  return (await entries(db, tenantId).where('do_not_call.e164', '=', e164).executeTakeFirst()) ?? null
}

/**
 * A person asked for no calls on these numbers (E.164). An existing entry keeps its reason, author and date, and notes that the person
 * asked again. Returns how many are new.
 */
export async function addDoNotCall(
  db: Database | Trx,
  tenantId: number,
  numbers: readonly string[],
  { reason, author }: { reason: string; author: string },
  now: Date,
): Promise<number> {
  let added = 0
  const each = [...new Set(numbers)]
  for (let at = 0; at < each.length; at += rowsPerStatement) {
    const rows = each.slice(at, at + rowsPerStatement)
    added += rows.length - (await countDoNotCall(db, tenantId, rows))
    await db
      .insertInto('do_not_call')
      .values(rows.map((e164) => ({ tenant_id: tenantId, e164, reason, author, created_at: now })))
      .onDuplicateKeyUpdate({ asked_again_at: now })
      .execute()
  }
  return added
}

/** How many of the numbers are on the list. */
async function countDoNotCall(db: Database | Trx, tenantId: number, numbers: readonly string[]): Promise<number> {
  const row = await db
    .selectFrom('do_not_call')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('tenant_id', '=', tenantId)
    .where('e164', 'in', numbers)
    .executeTakeFirstOrThrow()
  return row.count
}

/** Whether a person has asked for no calls on one of the numbers since that moment, for the first time or again. */
export async function hasAskedSince(trx: Trx, tenantId: number, numbers: readonly string[], since: Date): Promise<boolean> {
  const asked = trx.selectFrom('do_not_call').select('e164').where('tenant_id', '=', tenantId).where('e164', 'in', numbers)
  return (await asked.where(sql`coalesce(asked_again_at, created_at)`, '>=', since).executeTakeFirst()) !== undefined
}

/**
 * Adds further numbers of a person who asked for no calls, with the reason and author of the entry of `e164`. False, and nothing is
 * added, if that number is not on the list.
 */
export async function addDoNotCallLike(trx: Trx, tenantId: number, e164: string, numbers: readonly string[], now: Date): Promise<boolean> {
  const entry = await findDoNotCall(trx, tenantId, e164)
  if (!entry) return false
  const { reason, author } = entry
  for (let at = 0; at < numbers.length; at += rowsPerStatement) {
    const rows = numbers
      .slice(at, at + rowsPerStatement)
      .map((each) => ({ tenant_id: tenantId, e164: each, reason, author, created_at: now }))
    await trx.insertInto('do_not_call').ignore().values(rows).execute()
  }
  return true
}

/** Entries that one action of a user added. */
export interface AddedEntries {
  e164s: string[]
  author: string
  at: Date
}

/**
 * Removes the entries that an action added. False if one of the numbers stays on the list, because it was added again or the person
 * has asked again since.
 */
export async function undoDoNotCall(db: Database, tenantId: number, { e164s, author, at }: AddedEntries): Promise<boolean> {
  if (e164s.length === 0) return true
  await db
    .deleteFrom('do_not_call')
    .where('tenant_id', '=', tenantId)
    .where('e164', 'in', e164s)
    .where('author', '=', author)
    .where('created_at', '=', at)
    .where('asked_again_at', 'is', null)
    .execute()
  return (await countDoNotCall(db, tenantId, e164s)) === 0
}

/** Removes a number from the list. Returns the removed entry, so that it can be restored, or null. */
export async function removeDoNotCall(db: Database | Trx, tenantId: number, e164: string): Promise<ListedDoNotCall | null> {
  const entry = await findDoNotCall(db, tenantId, e164)
  const result = await db.deleteFrom('do_not_call').where('tenant_id', '=', tenantId).where('e164', '=', e164).executeTakeFirst()
  return result.numDeletedRows === 1n ? entry : null
}

/** Restores a removed entry with its dates, reason and author. */
export async function restoreDoNotCall(
  db: Database | Trx,
  tenantId: number,
  { e164, reason, author, created_at, asked_again_at }: Omit<DoNotCallEntry, 'tenant_id'>,
): Promise<void> {
  await db.insertInto('do_not_call').ignore().values({ tenant_id: tenantId, e164, reason, author, created_at, asked_again_at }).execute()
}

/** Entries added before `before` that match `search` in number, lead or reason, newest first, at most `limit`. */
export async function listDoNotCall(
  db: Database,
  tenantId: number,
  { search = '', before, limit = 100 }: { search?: string; before?: { createdAt: Date; e164: string } | undefined; limit?: number } = {},
): Promise<ListedDoNotCall[]> {
  let query = entries(db, tenantId).where(
    matches(search, {
      texts: ['do_not_call.reason', 'contacts.name'],
      numberLike: (pattern) => sql<SqlBool>`do_not_call.e164 like ${pattern}`,
      digitsAmongWords: false,
    }),
  )
  if (before) {
    query = query.where((where) =>
      where.or([
        where('do_not_call.created_at', '<', before.createdAt),
        where.and([where('do_not_call.created_at', '=', before.createdAt), where('do_not_call.e164', '<', before.e164)]),
      ]),
    )
  }
  return query.orderBy('do_not_call.created_at', 'desc').orderBy('do_not_call.e164', 'desc').limit(limit).execute()
}

const rowsPerStatement = 1000

function entries(db: Database | Trx, tenantId: number) {
  return db
    .selectFrom('do_not_call')
    .leftJoin('contact_numbers', (join) =>
      join.onRef('contact_numbers.tenant_id', '=', 'do_not_call.tenant_id').onRef('contact_numbers.e164', '=', 'do_not_call.e164'),
    )
    .leftJoin('contacts', 'contacts.id', 'contact_numbers.contact_id')
    .selectAll('do_not_call')
    .select('contacts.name as contact_name')
    .where('do_not_call.tenant_id', '=', tenantId)
}
