import type { ExpressionBuilder, Selectable } from 'kysely'
import type { BillingRule } from '../balance/billing-rule.ts'
import type { Database, Trx } from '../database/pool.ts'
import type { Schema, TrunksTable } from '../database/schema.ts'
import { listTenants, type Tenant } from '../tenants/tenants.ts'

/** A carrier endpoint. Tenant null = it serves all tenants. */
export type Trunk = Selectable<TrunksTable>

/** Whether a text may name a trunk's PJSIP endpoint, as in local/trunks.conf. */
export function isTrunkEndpoint(text: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,63}$/.test(text)
}

/** All trunks: shared ones first, then each tenant's by priority. */
export async function listTrunks(db: Database | Trx): Promise<Trunk[]> {
  return db.selectFrom('trunks').selectAll().orderBy('tenant_id').orderBy('priority').orderBy('id').execute()
}

/**
 * The trunks of a tenant's calls, by priority. A tenant's own trunk replaces the shared one of the same endpoint, so a carrier is
 * tried once, and a tenant can switch a shared carrier off.
 */
export async function listTrunksFor(db: Database | Trx, tenantId: number): Promise<Trunk[]> {
  const trunks = await db
    .selectFrom('trunks')
    .selectAll()
    .where((where) => where.or([where('tenant_id', '=', tenantId), where('tenant_id', 'is', null)]))
    .orderBy('priority')
    .orderBy('id')
    .execute()
  return usable(trunks)
}

/**
 * Among the trunks of a tenant and the shared ones. Emergency calls without the AGI server follow the same rule
 * (migrations/230-emergency-routes.ts).
 */
function usable(trunks: readonly Trunk[]): Trunk[] {
  const own = new Set(trunks.filter((trunk) => trunk.tenant_id !== null).map((trunk) => trunk.endpoint))
  return trunks.filter((trunk) => trunk.enabled === 1 && (trunk.tenant_id !== null || !own.has(trunk.endpoint)))
}

/** Tenants without any usable trunk, emergency calls included. By name. */
export async function listTenantsWithoutTrunk(db: Database | Trx): Promise<Tenant[]> {
  const trunks = await listTrunks(db)
  const tenants = await listTenants(db)
  return tenants.filter(({ id }) => usable(trunks.filter((trunk) => trunk.tenant_id === id || trunk.tenant_id === null)).length === 0)
}

/** A tenant's own trunk of that name, or, for null, the shared one. */
export async function findTrunk(db: Database | Trx, tenantId: number | null, endpoint: string): Promise<Trunk | null> {
  const trunk = await db.selectFrom('trunks').selectAll().where(ofTenant(tenantId)).where('endpoint', '=', endpoint).executeTakeFirst()
  return trunk ?? null
}

/**
 * Adds a trunk, after the tenant's others unless `priority` is given. It takes the number forms of the shared trunk of the same carrier.
 * False if it exists.
 */
export async function addTrunk(
  trx: Trx,
  tenantId: number | null,
  { endpoint, priority, rule }: { endpoint: string; priority?: number | undefined; rule?: BillingRule | undefined },
): Promise<boolean> {
  if (await findTrunk(trx, tenantId, endpoint)) return false
  const last = await trx
    .selectFrom('trunks')
    .select(({ fn }) => fn.max('priority').as('priority'))
    .where(ofTenant(tenantId))
    .executeTakeFirst()
  const blocks = rule && {
    first_block_seconds: rule.firstBlockSeconds,
    next_block_seconds: rule.nextBlockSeconds,
    free_seconds: rule.freeSeconds,
  }
  const shared = tenantId === null ? null : await findTrunk(trx, null, endpoint)
  const numbers = shared && {
    number_form: shared.number_form,
    number_prefix: shared.number_prefix,
    special_caller_ids: shared.special_caller_ids === 1,
  }
  await trx
    .insertInto('trunks')
    .values({ tenant_id: tenantId, endpoint, priority: priority ?? (last?.priority ?? 0) + 1, ...blocks, ...numbers })
    .execute()
  return true
}

export type TrunkChange =
  { enabled: boolean } | { priority: number } | { number_form: string; number_prefix: string } | { special_caller_ids: boolean }

/** Changes a trunk. False if no trunk has that name. */
export async function changeTrunk(trx: Trx, tenantId: number | null, endpoint: string, change: TrunkChange): Promise<boolean> {
  const trunk = await findTrunk(trx, tenantId, endpoint)
  if (!trunk) return false
  await trx.updateTable('trunks').set(change).where('id', '=', trunk.id).execute()
  return true
}

/** Deletes a trunk and its rates. Its calls keep their cost. False if no trunk has that name. */
export async function removeTrunk(trx: Trx, tenantId: number | null, endpoint: string): Promise<boolean> {
  const trunk = await findTrunk(trx, tenantId, endpoint)
  if (!trunk) return false
  await trx.deleteFrom('trunk_rates').where('trunk_id', '=', trunk.id).execute()
  await trx.deleteFrom('trunks').where('id', '=', trunk.id).execute()
  return true
}

function ofTenant(tenantId: number | null) {
  return ({ eb }: ExpressionBuilder<Schema, 'trunks'>) => (tenantId === null ? eb('tenant_id', 'is', null) : eb('tenant_id', '=', tenantId))
}
