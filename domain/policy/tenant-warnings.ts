import type { Database, Trx } from '../database/pool.ts'
import { inTransaction } from '../database/transaction.ts'
import { findPause, type Pause } from './spend-alarm.ts'
import { changePolicy, findTenant, lockTenant } from '../tenants/tenants.ts'

/** A warning that a company's users need before they call. */
export type TenantWarning =
  | { kind: 'paused'; pause: Pause; alarmSeconds: number }
  /** The balance does not cover the first block of a call. */
  | { kind: 'no-minutes' }
  | { kind: 'low-minutes'; balanceSeconds: number }

/** The most urgent warning of a company, or null. */
export async function findTenantWarning(db: Database | Trx, tenantId: number): Promise<TenantWarning | null> {
  const [tenant, pause] = await Promise.all([findTenant(db, tenantId), findPause(db, tenantId)])
  if (pause) return { kind: 'paused', pause, alarmSeconds: tenant.spend_alarm_floor_seconds }
  if (tenant.balance_seconds < tenant.first_block_seconds) return { kind: 'no-minutes' }
  return tenant.balance_seconds < tenant.low_balance_seconds ? { kind: 'low-minutes', balanceSeconds: tenant.balance_seconds } : null
}

/** Sets the balance below which a company is warned; 0 = never. Announces it to open pages. */
export async function setLowBalance(db: Database, tenantId: number, seconds: number, now: Date): Promise<void> {
  await inTransaction(db, async (trx) => {
    await lockTenant(trx, tenantId)
    await changePolicy(trx, tenantId, { low_balance_seconds: seconds }, now)
  })
}
