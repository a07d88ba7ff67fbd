import type { Database, Trx } from '../database/pool.ts'

/** A tenant's numbers (DIDs), E.164, in display order. */
export async function listNumbers(db: Database | Trx, tenantId: number): Promise<string[]> {
  const rows = await db.selectFrom('numbers').select('e164').where('tenant_id', '=', tenantId).orderBy('position').orderBy('id').execute()
  return rows.map((row) => row.e164)
}

/** Adds a number. False if a tenant has it already. */
export async function addNumber(trx: Trx, tenantId: number, e164: string): Promise<boolean> {
  const result = await trx.insertInto('numbers').ignore().values({ tenant_id: tenantId, e164 }).executeTakeFirstOrThrow()
  return result.numInsertedOrUpdatedRows === 1n
}

/** Removes a number. False if the tenant does not have it. Calls may show it for `waysKeptSeconds` more (outbound-routing.ts). */
export async function removeNumber(trx: Trx, tenantId: number, e164: string): Promise<boolean> {
  const result = await trx.deleteFrom('numbers').where('tenant_id', '=', tenantId).where('e164', '=', e164).executeTakeFirst()
  return result.numDeletedRows === 1n
}
