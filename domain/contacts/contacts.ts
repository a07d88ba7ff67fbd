import type { Selectable } from 'kysely'
import { renumberEntries } from '../call-lists/entries/renumber-entries.ts'
import type { Database, Trx } from '../database/pool.ts'
import { prepared } from '../database/prepared.ts'
import type { ContactsTable } from '../database/schema/contacts.ts'
import { isDuplicate } from '../database/transaction.ts'
import { matches } from '../database/text-search.ts'
import { moveCallbacks } from '../tasks/tasks.ts'

/** The longest name of a lead or its company. */
export const longestContactName = 120

export type Contact = Selectable<ContactsTable>

/** A lead with what a list shows of its history. */
export interface ListedContact extends Contact {
  last_call_at: Date | null
  last_outcome: string | null
  /** When the number was put on the do-not-call list; null = may be called. */
  do_not_call_at: Date | null
}

/** Selects leads: `search` matches name, company or number; `tag` and the owner narrow further. */
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
    .leftJoin('do_not_call', (join) =>
      join.onRef('do_not_call.tenant_id', '=', 'contacts.tenant_id').onRef('do_not_call.e164', '=', 'contacts.e164'),
    )
    .selectAll('contacts')
    .select('do_not_call.created_at as do_not_call_at')
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
  let query = db
    .selectFrom('contacts')
    .where('contacts.tenant_id', '=', tenantId)
    .where(matches(search, { texts: ['contacts.name', 'contacts.company'], number: 'contacts.e164', digitsAmongWords: true }))
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

/**
 * Changes a lead's number. Open callbacks and places in lists move to the new number; the do-not-call entry and missed calls stay
 * with the old one. If another lead has the new number, changes nothing and returns that lead; else null.
 */
export async function changeContactNumber(trx: Trx, contact: Contact, e164: string, now: Date): Promise<Contact | null> {
  const { id, tenant_id: tenantId, e164: before } = contact
  try {
    await trx.updateTable('contacts').set({ e164 }).where('tenant_id', '=', tenantId).where('id', '=', id).execute()
  } catch (error) {
    if (!isDuplicate(error)) throw error
    return findContactByNumber(trx, tenantId, e164)
  }
  await moveCallbacks(trx, tenantId, before, e164, now)
  await renumberEntries(trx, tenantId, before, e164, now)
  return null
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
  db.selectFrom('contacts').selectAll().where('tenant_id', '=', tenantId).where('e164', '=', e164),
)

/** Adds a lead. `duplicate` if the tenant already has a lead with that number. */
export async function addContact(
  db: Database,
  tenantId: number,
  contact: { name: string; company: string; e164: string },
): Promise<{ outcome: 'added' | 'duplicate'; contact: Contact }> {
  const result = await db
    .insertInto('contacts')
    .ignore()
    .values({ tenant_id: tenantId, ...contact })
    .executeTakeFirst()
  const row = await db
    .selectFrom('contacts')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('e164', '=', contact.e164)
    .executeTakeFirstOrThrow()
  return { outcome: result.numInsertedOrUpdatedRows === 1n ? 'added' : 'duplicate', contact: row }
}
