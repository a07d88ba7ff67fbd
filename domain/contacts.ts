import type { Selectable } from 'kysely'
import type { Database } from './database/pool.ts'
import type { ContactsTable } from './database/schema.ts'
import { matches } from './search.ts'

export type Contact = Selectable<ContactsTable>

/** A lead with what a list shows of its history. */
export interface ListedContact extends Contact {
  last_call_at: Date | null
  last_outcome: string | null
  /** When somebody noted that this person is not to be called; null = may be called. */
  do_not_call_at: Date | null
}

/** A tenant's leads by name, at most `limit`, that match `search` in name, company or number. */
export async function listContacts(
  db: Database,
  tenantId: number,
  { search = '', limit = 100 }: { search?: string; limit?: number } = {},
): Promise<ListedContact[]> {
  return db
    .selectFrom('contacts')
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
    .where('contacts.tenant_id', '=', tenantId)
    .where(matches(search, { texts: ['contacts.name', 'contacts.company'], number: 'contacts.e164', digitsAmongWords: true }))
    .orderBy('name')
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** Null for another tenant's contact, exactly as for one that does not exist. */
export async function findContact(db: Database, tenantId: number, contactId: number): Promise<Contact | null> {
  const row = await db.selectFrom('contacts').selectAll().where('tenant_id', '=', tenantId).where('id', '=', contactId).executeTakeFirst()
  return row ?? null
}

/** The lead who has a number (E.164), or null. */
export async function findContactByNumber(db: Database, tenantId: number, e164: string): Promise<Contact | null> {
  const row = await db.selectFrom('contacts').selectAll().where('tenant_id', '=', tenantId).where('e164', '=', e164).executeTakeFirst()
  return row ?? null
}

/** Adds a lead; `duplicate` when the tenant already has one with that number. */
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
