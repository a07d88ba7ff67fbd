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

/** By the short name that is part of its phones' names. */
export async function findTenantBySlug(db: Database | Trx, slug: string): Promise<Tenant | null> {
  return (await db.selectFrom('tenants').selectAll().where('slug', '=', slug).executeTakeFirst()) ?? null
}

/** All of them, by name. */
export async function listTenants(db: Database | Trx): Promise<Tenant[]> {
  return db.selectFrom('tenants').selectAll().orderBy('name').orderBy('id').execute()
}

/** Adds a tenant with nothing in it. Returns its id. */
export async function addTenant(trx: Trx, { slug, name }: { slug: string; name: string }): Promise<number> {
  const inserted = await trx.insertInto('tenants').values({ slug, name }).executeTakeFirstOrThrow()
  return Number(inserted.insertId)
}

/** What may be changed about a tenant by hand: everything but who it is, and what its calls and its ledger keep. */
export type TenantPolicy = Omit<
  Updateable<TenantsTable>,
  'id' | 'slug' | 'name' | 'created_at' | 'balance_seconds' | 'held_seconds' | 'usual_hour_seconds'
>

/** Counts from the next call on. Open pages hear of what decides their banner. */
export async function changePolicy(trx: Trx, tenantId: number, policy: TenantPolicy, now: Date): Promise<void> {
  await trx.updateTable('tenants').set(policy).where('id', '=', tenantId).execute()
  if (bannerColumns.some((column) => column in policy)) await recordTenantEvent(trx, tenantId, 'balance-changed', now)
}

/** What warnings.ts looks at, beside the balance. */
const bannerColumns: (keyof TenantPolicy)[] = ['low_balance_seconds', 'first_block_seconds', 'spend_alarm_floor_seconds']

/**
 * Locks the tenant's row until the transaction ends. Everything that touches balance or counts calls does this
 * before anything else: one order of locks, so no deadlocks, and counts that are exact.
 */
export async function lockTenant(trx: Trx, tenantId: number): Promise<Tenant> {
  const [tenant] = await lockedTenant(trx, { tenantId })
  if (!tenant) throw new Error(`there is no tenant ${tenantId}`)
  return tenant
}

const lockedTenant = prepared((db, { tenantId }: { tenantId: number }) =>
  db.selectFrom('tenants').selectAll().where('id', '=', tenantId).forUpdate(),
)

/** What a tenant owns and no call holds, by its row: exact while that is locked. */
export function unheldSeconds(tenant: Tenant): number {
  return tenant.balance_seconds - tenant.held_seconds
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
