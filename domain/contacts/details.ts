import type { Database } from '../database/pool.ts'

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
