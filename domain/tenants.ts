import type { Selectable } from 'kysely'
import type { BillingRule } from './billing.ts'
import type { Database, Trx } from './database/pool.ts'
import type { TenantsTable } from './database/schema.ts'

export type Tenant = Selectable<TenantsTable>

export async function findTenant(db: Database | Trx, tenantId: number): Promise<Tenant> {
  return db.selectFrom('tenants').selectAll().where('id', '=', tenantId).executeTakeFirstOrThrow()
}

/**
 * Locks the tenant's row until the transaction ends. Everything that touches balance or counts calls does this
 * before anything else: one order of locks, so no deadlocks, and counts that are exact.
 */
export async function lockTenant(trx: Trx, tenantId: number): Promise<Tenant> {
  return trx.selectFrom('tenants').selectAll().where('id', '=', tenantId).forUpdate().executeTakeFirstOrThrow()
}

interface BlockRule {
  first_block_seconds: number
  next_block_seconds: number
  free_seconds: number
}

/** The rule of a tenant, of a trunk, or of a call, which keeps the one that it began with. */
export function billingRuleOf(row: BlockRule & { free_of_charge?: number }): BillingRule {
  return {
    firstBlockSeconds: row.first_block_seconds,
    nextBlockSeconds: row.next_block_seconds,
    freeSeconds: row.free_seconds,
    freeOfCharge: row.free_of_charge === 1,
  }
}
