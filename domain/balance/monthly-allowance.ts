import type { Selectable } from 'kysely'
import { expireMonthlyAllowances, grantMonthlyAllowance } from './ledger.ts'
import type { Database } from '../database/pool.ts'
import type { FranchisesTable } from '../database/schema/balance.ts'
import { inTransaction } from '../database/transaction.ts'
import { endOfMonth, localMonth } from '../runtime/local-time.ts'
import { lockTenant } from '../tenants/tenants.ts'

export type MonthlyAllowance = Selectable<FranchisesTable>

/** The allowances that a tenant may still use, the next to expire first. */
export async function listMonthlyAllowances(db: Database, tenantId: number, now: Date): Promise<MonthlyAllowance[]> {
  return db
    .selectFrom('franchises')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('expires_at', '>', now)
    .orderBy('expires_at')
    .execute()
}

/** For every tenant with monthly minutes: takes back expired allowances, and grants the new month once. */
export async function startMonths(db: Database, now: Date): Promise<void> {
  const due = await db
    .selectFrom('tenants')
    .select('id')
    .where((where) =>
      where.or([
        where('monthly_seconds', '>', 0),
        where.exists(
          where
            .selectFrom('franchises')
            .select('month')
            .whereRef('franchises.tenant_id', '=', 'tenants.id')
            .where('left_seconds', '>', 0)
            .where('expires_at', '<=', now),
        ),
      ]),
    )
    .execute()
  for (const { id } of due) await startMonth(db, id, now)
}

/** The same for one tenant. */
export async function startMonth(db: Database, tenantId: number, now: Date): Promise<void> {
  await inTransaction(db, async (trx) => {
    const tenant = await lockTenant(trx, tenantId)
    await expireMonthlyAllowances(trx, tenantId, now)
    const month = localMonth(now, tenant.time_zone)
    await grantMonthlyAllowance(trx, tenant, month, endOfMonth(month, tenant.time_zone), now)
  })
}
