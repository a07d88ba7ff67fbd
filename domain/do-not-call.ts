import type { Selectable } from 'kysely'
import type { Database, Trx } from './database/pool.ts'
import type { DoNotCallTable } from './database/schema.ts'

export type DoNotCallEntry = Selectable<DoNotCallTable>

/** Whether somebody asked this tenant not to be called. Asked on every click and every authorisation, and never cached. */
export async function isDoNotCall(db: Database | Trx, tenantId: number, e164: string): Promise<boolean> {
  const entry = await db
    .selectFrom('do_not_call')
    .select('e164')
    .where('tenant_id', '=', tenantId)
    .where('e164', '=', e164)
    .executeTakeFirst()
  return entry !== undefined
}

export async function findDoNotCall(db: Database | Trx, tenantId: number, e164: string): Promise<DoNotCallEntry | null> {
  const query = db.selectFrom('do_not_call').selectAll().where('tenant_id', '=', tenantId).where('e164', '=', e164)
  return (await query.executeTakeFirst()) ?? null
}

/** Notes numbers (E.164). One that is there already keeps its reason and author. Returns how many are new. */
export async function addDoNotCall(
  db: Database | Trx,
  tenantId: number,
  numbers: readonly string[],
  { reason, author }: { reason: string; author: string },
  now: Date,
): Promise<number> {
  let added = 0
  for (let at = 0; at < numbers.length; at += rowsPerStatement) {
    const rows = numbers.slice(at, at + rowsPerStatement)
    const result = await db
      .insertInto('do_not_call')
      .ignore()
      .values(rows.map((e164) => ({ tenant_id: tenantId, e164, reason, author, created_at: now })))
      .executeTakeFirstOrThrow()
    added += Number(result.numInsertedOrUpdatedRows ?? 0n)
  }
  return added
}

/** True when it was there. */
export async function removeDoNotCall(db: Database | Trx, tenantId: number, e164: string): Promise<boolean> {
  const result = await db.deleteFrom('do_not_call').where('tenant_id', '=', tenantId).where('e164', '=', e164).executeTakeFirst()
  return result.numDeletedRows === 1n
}

/** The newest first, `limit` at most, whose number contains `digits` and that were noted before `before`. */
export async function listDoNotCall(
  db: Database,
  tenantId: number,
  { digits = '', before, limit = 100 }: { digits?: string; before?: { createdAt: Date; e164: string } | undefined; limit?: number } = {},
): Promise<DoNotCallEntry[]> {
  let query = db.selectFrom('do_not_call').selectAll().where('tenant_id', '=', tenantId)
  if (digits !== '') query = query.where('e164', 'like', `%${digits.replaceAll(/\D/g, '')}%`)
  if (before) {
    query = query.where((where) =>
      where.or([
        where('created_at', '<', before.createdAt),
        where.and([where('created_at', '=', before.createdAt), where('e164', '<', before.e164)]),
      ]),
    )
  }
  return query.orderBy('created_at', 'desc').orderBy('e164', 'desc').limit(limit).execute()
}

const rowsPerStatement = 1000
