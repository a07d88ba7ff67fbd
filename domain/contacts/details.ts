import type { Database, Trx } from '../database/pool.ts'

/** The longest e-mail address (RFC 5321). */
export const longestEmail = 254
export const longestCity = 120
export const longestNotes = 2000
/** The most further fields of a lead. */
export const mostFields = 40
export const longestFieldName = 60
export const longestFieldValue = 500

/** Something else that a company keeps about a lead: `CNPJ`, `Cargo`. */
export interface ContactField {
  name: string
  value: string
}

/** What a company keeps about a lead beside name, company and numbers. */
export interface ContactDetails {
  email: string
  city: string
  notes: string
  fields: readonly ContactField[]
}

/** Whether a text is an e-mail address that fits. */
export function isEmail(text: string): boolean {
  return text.length <= longestEmail && /^[^\s@,;]+@[^\s@,;]+\.[^\s@,;]+$/.test(text)
}

/** The words of a text that may hold several e-mail addresses, as CRMs write them. `:::`: Google Contacts. */
export function emailWords(text: string): string[] {
  return text.split(/[\s,;]+|:::/).filter((word) => word !== '')
}

/** Replaces the details of a lead. */
export async function changeDetails(
  trx: Trx,
  tenantId: number,
  contactId: number,
  { email, city, notes, fields }: ContactDetails,
): Promise<void> {
  await trx.updateTable('contacts').set({ email, city, notes }).where('tenant_id', '=', tenantId).where('id', '=', contactId).execute()
  await trx.deleteFrom('contact_fields').where('tenant_id', '=', tenantId).where('contact_id', '=', contactId).execute()
  if (fields.length === 0) return
  await trx
    .insertInto('contact_fields')
    .values(fields.map(({ name, value }, n) => ({ tenant_id: tenantId, contact_id: contactId, position: n + 1, name, value })))
    .execute()
}

/** The further fields of a lead in their order. Empty for another tenant's lead. */
export async function listFields(db: Database, tenantId: number, contactId: number): Promise<ContactField[]> {
  return db
    .selectFrom('contact_fields')
    .select(['name', 'value'])
    .where('tenant_id', '=', tenantId)
    .where('contact_id', '=', contactId)
    .orderBy('position')
    .execute()
}
