import type { Selectable, Updateable } from 'kysely'
import type { BillingRule } from '../balance/billing-rule.ts'
import type { Database, Trx } from '../database/pool.ts'
import { prepared } from '../database/prepared.ts'
import type { TenantsTable } from '../database/schema.ts'
import { recordTenantEvent } from '../events.ts'

export type Tenant = Selectable<TenantsTable>

export async function findTenant(db: Database | Trx, tenantId: number): Promise<Tenant> {
  return db.selectFrom('tenants').selectAll().where('id', '=', tenantId).executeTakeFirstOrThrow()
}

/** Finds a tenant by its slug, the short name in its phones' endpoints. */
export async function findTenantBySlug(db: Database | Trx, slug: string): Promise<Tenant | null> {
  return (await db.selectFrom('tenants').selectAll().where('slug', '=', slug).executeTakeFirst()) ?? null
}

/** All tenants, by name. */
export async function listTenants(db: Database | Trx): Promise<Tenant[]> {
  return db.selectFrom('tenants').selectAll().orderBy('name').orderBy('id').execute()
}

/** Adds an empty tenant. Returns its id. */
export async function addTenant(trx: Trx, { slug, name }: { slug: string; name: string }): Promise<number> {
  const inserted = await trx.insertInto('tenants').values({ slug, name }).executeTakeFirstOrThrow()
  return Number(inserted.insertId)
}

/** The columns that an operator may change: not the tenant's identity, and nothing that its calls and ledger maintain. */
export type TenantPolicy = Omit<
  Updateable<TenantsTable>,
  'id' | 'slug' | 'name' | 'created_at' | 'balance_seconds' | 'held_seconds' | 'usual_hour_seconds'
>

/** Changes a policy; it applies from the next call on. Announces changes that affect the banner of open pages. */
export async function changePolicy(trx: Trx, tenantId: number, policy: TenantPolicy, now: Date): Promise<void> {
  await trx.updateTable('tenants').set(policy).where('id', '=', tenantId).execute()
  if (bannerColumns.some((column) => column in policy)) await recordTenantEvent(trx, tenantId, 'balance-changed', now)
}

/** The columns that tenant warnings depend on, besides the balance. */
const bannerColumns: (keyof TenantPolicy)[] = ['low_balance_seconds', 'first_block_seconds', 'spend_alarm_floor_seconds']

/**
 * Locks the tenant's row until the transaction ends. Every transaction that changes the balance or counts calls does this first:
 * one lock order prevents deadlocks, and counts are exact.
 */
export async function lockTenant(trx: Trx, tenantId: number): Promise<Tenant> {
  const [tenant] = await lockedTenant(trx, { tenantId })
  if (!tenant) throw new Error(`there is no tenant ${tenantId}`)
  return tenant
}

const lockedTenant = prepared((db, { tenantId }: { tenantId: number }) =>
  db.selectFrom('tenants').selectAll().where('id', '=', tenantId).forUpdate(),
)

/** The part of the balance that no call holds. Exact while the tenant's row is locked. */
export function unheldSeconds(tenant: Tenant): number {
  return tenant.balance_seconds - tenant.held_seconds
}

interface BlockRule {
  first_block_seconds: number
  next_block_seconds: number
  free_seconds: number
}

/** The billing rule of a tenant, a trunk, or a call. A call keeps the rule it began with. */
export function billingRuleOf(row: BlockRule & { free_of_charge?: number }): BillingRule {
  return {
    firstBlockSeconds: row.first_block_seconds,
    nextBlockSeconds: row.next_block_seconds,
    freeSeconds: row.free_seconds,
    freeOfCharge: row.free_of_charge === 1,
  }
}
