import { sql, type Selectable, type SqlBool } from 'kysely'
import type { Database, Trx } from '../database/pool.ts'
import { prepared } from '../database/prepared.ts'
import type { ContactsTable } from '../database/schema/contacts.ts'
import { inTransaction, isDuplicate } from '../database/transaction.ts'
import { matches } from '../database/text-search.ts'
import { allBarredAt, numberCountOf, numberToCallOf, type NewNumber } from './numbers.ts'

/** The longest name of a lead or its company. */
export const longestContactName = 120

export type Contact = Selectable<ContactsTable>

/** A lead with what a list shows of its history. */
export interface ListedContact extends Contact {
  last_call_at: Date | null
  last_outcome: string | null
  /** The number that a click dials. */
  e164: string
  number_count: number
  /** When the last of the lead's numbers was barred; null = one may be called. */
  do_not_call_at: Date | null
}

/** Selects leads: `search` matches name, company, e-mail, or any of the numbers and their labels; `tag` and the owner narrow further. */
export interface ContactFilter {
  search?: string
  tag?: string
  ownerAgentId?: number | null
}

/** A tenant's leads by name, at most `limit`, after the lead `afterId`. */
export async function listContacts(
  db: Database,
  tenantId: number,
  {
    search = '',
    tag = '',
    ownerAgentId = null,
    afterId = null,
    limit = 100,
  }: ContactFilter & { afterId?: number | null; limit?: number } = {},
): Promise<ListedContact[]> {
  let query = matchingContacts(db, tenantId, { search, tag, ownerAgentId })
    .selectAll('contacts')
    .select([
      numberToCallOf('contacts.id').as('e164'),
      numberCountOf('contacts.id').as('number_count'),
      allBarredAt('contacts.id').as('do_not_call_at'),
    ])
    .select((expression) =>
      expression
        .selectFrom('calls')
        .select('calls.requested_at')
        .whereRef('calls.contact_id', '=', 'contacts.id')
        .orderBy('calls.requested_at', 'desc')
        .limit(1)
        .as('last_call_at'),
    )
    .select((expression) =>
      expression
        .selectFrom('calls')
        .select('calls.outcome')
        .whereRef('calls.contact_id', '=', 'contacts.id')
        .orderBy('calls.requested_at', 'desc')
        .limit(1)
        .as('last_outcome'),
    )
  const after = afterId === null ? null : await findContact(db, tenantId, afterId)
  if (after) {
    query = query
      .where('contacts.name', '>=', after.name)
      .where((where) => where.or([where('contacts.name', '>', after.name), where('contacts.id', '>', after.id)]))
  }
  return query.orderBy('contacts.name').orderBy('contacts.id').limit(limit).execute()
}

/** A query on the tenant's leads that match. */
export function matchingContacts(db: Database | Trx, tenantId: number, { search = '', tag = '', ownerAgentId = null }: ContactFilter) {
  const withNumber = (column: 'e164' | 'label') => (pattern: string) =>
    sql<SqlBool>`contacts.id in (
      select contact_id from contact_numbers where tenant_id = ${tenantId} and ${sql.ref(column)} like ${pattern}
    )`
  let query = db
    .selectFrom('contacts')
    .where('contacts.tenant_id', '=', tenantId)
    .where(
      matches(search, {
        texts: ['contacts.name', 'contacts.company', 'contacts.email'],
        otherLike: withNumber('label'),
        numberLike: withNumber('e164'),
        digitsAmongWords: true,
      }),
    )
  if (tag !== '') {
    const tagged = db.selectFrom('contact_tags').select('contact_id').where('tenant_id', '=', tenantId).where('tag', '=', tag)
    query = query.where('contacts.id', 'in', tagged)
  }
  return ownerAgentId === null ? query : query.where('contacts.owner_agent_id', '=', ownerAgentId)
}

/** Changes the details of a lead. */
export async function changeContact(
  trx: Trx,
  tenantId: number,
  contactId: number,
  { name, company, ownerAgentId }: { name: string; company: string; ownerAgentId: number | null },
): Promise<void> {
  await trx
    .updateTable('contacts')
    .set({ name, company, owner_agent_id: ownerAgentId })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', contactId)
    .execute()
}

/** Null for another tenant's contact, as for an unknown id. */
export async function findContact(db: Database, tenantId: number, contactId: number): Promise<Contact | null> {
  const row = await db.selectFrom('contacts').selectAll().where('tenant_id', '=', tenantId).where('id', '=', contactId).executeTakeFirst()
  return row ?? null
}

/** The lead with this number (E.164), or null. */
export async function findContactByNumber(db: Database | Trx, tenantId: number, e164: string): Promise<Contact | null> {
  return (await withNumber(db, { tenantId, e164 }))[0] ?? null
}

const withNumber = prepared((db, { tenantId, e164 }: { tenantId: number; e164: string }) =>
  db
    .selectFrom('contact_numbers')
    .innerJoin('contacts', 'contacts.id', 'contact_numbers.contact_id')
    .selectAll('contacts')
    .where('contact_numbers.tenant_id', '=', tenantId)
    .where('contact_numbers.e164', '=', e164),
)

export interface NewContact {
  name: string
  company: string
  /** In the order in which they are dialled: at least one, and each once. */
  numbers: readonly NewNumber[]
}

/** Adds a lead. `taken`, and nothing is added, if another lead has one of its numbers. */
export async function addContact(
  db: Database,
  tenantId: number,
  contact: NewContact,
): Promise<{ outcome: 'added'; contact: Contact } | { outcome: 'taken'; contact: Contact; e164: string }> {
  try {
    const id = await inTransaction(db, async (trx) => (await insertContacts(trx, tenantId, [contact]))[0])
    const row = await db
      .selectFrom('contacts')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('id', '=', id ?? 0)
      .executeTakeFirstOrThrow()
    return { outcome: 'added', contact: row }
  } catch (error) {
    if (!isDuplicate(error)) throw error
    for (const { e164 } of contact.numbers) {
      const other = await findContactByNumber(db, tenantId, e164)
      if (other) return { outcome: 'taken', contact: other, e164 }
    }
    throw error
  }
}

/** Adds leads whose numbers no other lead has; a unique key refuses others. Returns their ids in the same order. */
export async function insertContacts(trx: Database | Trx, tenantId: number, contacts: readonly NewContact[]): Promise<number[]> {
  if (contacts.length === 0) return []
  const rows = contacts.map(({ name, company }) => sql`(${tenantId}, ${name}, ${company})`)
  const inserted = await sql<{ id: number }>`
    insert into contacts (tenant_id, name, company) values ${sql.join(rows)} returning id`.execute(trx)
  const ids = inserted.rows.map(({ id }) => id)
  const numbers = contacts.flatMap((contact, n) =>
    contact.numbers.map(({ e164, label }, place) => ({
      tenant_id: tenantId,
      contact_id: ids[n] ?? 0,
      e164,
      label,
      position: place + 1,
    })),
  )
  await trx.insertInto('contact_numbers').values(numbers).execute()
  return ids
}
