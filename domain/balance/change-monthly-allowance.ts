import type { Database } from '../database/pool.ts'
import { inTransaction } from '../database/transaction.ts'
import { changePolicy, findTenant, lockTenant, type Tenant } from '../tenants/tenants.ts'
import { startMonth } from './monthly-allowance.ts'

/**
 * Sets the minutes that a tenant gets every month, and grants those of this month at once unless they were granted already.
 * `granted` tells which. At 0 the tenant keeps what is left of this month until it ends.
 */
export async function changeMonthlyAllowance(
  db: Database,
  tenantId: number,
  seconds: number,
  now: Date,
): Promise<{ granted: boolean; tenant: Tenant }> {
  const before = await inTransaction(db, async (trx) => {
    const tenant = await lockTenant(trx, tenantId)
    await changePolicy(trx, tenantId, { monthly_seconds: seconds }, now)
    return tenant
  })
  await startMonth(db, tenantId, now)
  const tenant = await findTenant(db, tenantId)
  return { granted: tenant.balance_seconds > before.balance_seconds, tenant }
}
