import type { Database, Trx } from '../database/pool.ts'
import { parsePhoneNumber } from './phone-numbers.ts'

/**
 * The number that a text names, E.164, if a carrier can assign it to a company: a Brazilian line with its area code, or a special
 * number (0300, 0303, 0800, 4004). Else null.
 */
export function readDidNumber(text: string): string | null {
  const number = parsePhoneNumber(text, '')
  if (number.kind !== 'number' || number.e164 === null) return null
  return /^\+55([1-9]{2}\d{8,9}|(300|303|800)\d{6,7}|\d{8})$/.test(number.e164) ? number.e164 : null
}

/** The area code (DDD) of a Brazilian line; null for special numbers and other countries. */
export function areaCodeOf(e164: string | null): string | null {
  return /^\+55([1-9]{2})\d{8,9}$/.exec(e164 ?? '')?.[1] ?? null
}

/** A tenant's numbers (DIDs), E.164, in display order. */
export async function listNumbers(db: Database | Trx, tenantId: number): Promise<string[]> {
  const rows = await db.selectFrom('numbers').select('e164').where('tenant_id', '=', tenantId).orderBy('position').orderBy('id').execute()
  return rows.map((row) => row.e164)
}

/** Whether a tenant has this number. */
export async function isNumberTaken(db: Database | Trx, e164: string): Promise<boolean> {
  return (await db.selectFrom('numbers').select('id').where('e164', '=', e164).executeTakeFirst()) !== undefined
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
