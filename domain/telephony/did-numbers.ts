import type { Database, Trx } from '../database/pool.ts'

/** The numbers that carriers assigned to a tenant, E.164, in the order in which they are shown. */
export async function listNumbers(db: Database | Trx, tenantId: number): Promise<string[]> {
  const rows = await db.selectFrom('numbers').select('e164').where('tenant_id', '=', tenantId).orderBy('position').orderBy('id').execute()
  return rows.map((row) => row.e164)
}

/** False when the number is some tenant's already. */
export async function addNumber(trx: Trx, tenantId: number, e164: string): Promise<boolean> {
  const result = await trx.insertInto('numbers').ignore().values({ tenant_id: tenantId, e164 }).executeTakeFirstOrThrow()
  return result.numInsertedOrUpdatedRows === 1n
}

/** True when it was there. Calls show it for `waysKeptSeconds` more (routes.ts). */
export async function removeNumber(trx: Trx, tenantId: number, e164: string): Promise<boolean> {
  const result = await trx.deleteFrom('numbers').where('tenant_id', '=', tenantId).where('e164', '=', e164).executeTakeFirst()
  return result.numDeletedRows === 1n
}
