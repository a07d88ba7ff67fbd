import type { Selectable } from 'kysely'
import type { Database, Trx } from '../database/pool.ts'
import { prepared } from '../database/prepared.ts'
import { billedSeconds } from './billing-rule.ts'
import type { Call } from '../calls/call.ts'
import type { SaleRatesTable, TrunkRatesTable } from '../database/schema/balance.ts'
import type { DestinationClass } from '../telephony/destination-classes.ts'
import { billingRuleOf } from '../tenants/tenants.ts'

/**
 * Money is in micros, millionths of a real: R$ 0,039 per minute is 39,000. A rate is valid from a date. The newest rate that is
 * valid when a call is authorized prices it; later changes do not.
 */

/** The cost of `seconds` at a rate, rounded up to the next micro. */
export function microsFor(seconds: number, microsPerMinute: number): number {
  return Math.ceil((seconds * microsPerMinute) / 60)
}

/** What the carrier charges for a call by its own block rule, and what the tenant pays for its billed seconds; null without a rate. */
export async function priceCall(
  trx: Trx,
  call: Pick<Call, 'tenant_id' | 'destination' | 'trunk' | 'requested_at' | 'authorized_at'>,
  talkSeconds: number,
  billed: number,
): Promise<{ costMicros: number | null; priceMicros: number | null }> {
  if (call.destination === null || call.trunk === null) return { costMicros: null, priceMicros: null }
  const at = call.authorized_at ?? call.requested_at
  const trunk = await findTrunk(trx, call.tenant_id, call.trunk)
  const cost = trunk && (await findTrunkRate(trx, trunk.id, call.destination, at))
  const price = await findSaleRate(trx, call.tenant_id, call.destination, at)
  return {
    costMicros: trunk && cost !== null && cost !== undefined ? microsFor(billedSeconds(talkSeconds, billingRuleOf(trunk)), cost) : null,
    priceMicros: price === null ? null : microsFor(billed, price),
  }
}

/** The carrier's rate that is valid at `at`, in micros per minute. */
export async function findTrunkRate(db: Database | Trx, trunkId: number, destination: DestinationClass, at: Date): Promise<number | null> {
  return (await trunkRatesAt(db, { trunkId, destination, at }))[0]?.micros_per_minute ?? null
}

const trunkRatesAt = prepared((db, { trunkId, destination, at }: { trunkId: number; destination: DestinationClass; at: Date }) =>
  db
    .selectFrom('trunk_rates')
    .select('micros_per_minute')
    .where('trunk_id', '=', trunkId)
    .where('destination', '=', destination)
    .where('valid_from', '<=', at)
    .orderBy('valid_from', 'desc')
    .limit(1),
)

/** The tenant's own price, or that of the price list (tenant 0). */
export async function findSaleRate(db: Database | Trx, tenantId: number, destination: DestinationClass, at: Date): Promise<number | null> {
  return (await saleRatesAt(db, { tenantId, destination, at }))[0]?.micros_per_minute ?? null
}

const saleRatesAt = prepared((db, { tenantId, destination, at }: { tenantId: number; destination: DestinationClass; at: Date }) =>
  db
    .selectFrom('sale_rates')
    .select('micros_per_minute')
    .where('tenant_id', 'in', [tenantId, 0])
    .where('destination', '=', destination)
    .where('valid_from', '<=', at)
    .orderBy('tenant_id', 'desc')
    .orderBy('valid_from', 'desc')
    .limit(1),
)

/** A rate and the date from which it is valid: for a trunk, or for a tenant (0 = the common price list). */
export type TrunkRate = Selectable<TrunkRatesTable>
export type SaleRate = Selectable<SaleRatesTable>

/** All carriers' rates, past and future, the newest first for each destination. */
export async function listTrunkRates(db: Database | Trx): Promise<TrunkRate[]> {
  return db.selectFrom('trunk_rates').selectAll().orderBy('trunk_id').orderBy('destination').orderBy('valid_from', 'desc').execute()
}

/** All tenants' prices in the same order, the common price list first. */
export async function listSaleRates(db: Database | Trx): Promise<SaleRate[]> {
  return db.selectFrom('sale_rates').selectAll().orderBy('tenant_id').orderBy('destination').orderBy('valid_from', 'desc').execute()
}

/** Sets a carrier's rate from `validFrom` on. */
export async function setTrunkRate(
  db: Database | Trx,
  trunkId: number,
  destination: DestinationClass,
  microsPerMinute: number,
  validFrom: Date,
): Promise<void> {
  await db
    .insertInto('trunk_rates')
    .values({ trunk_id: trunkId, destination, valid_from: validFrom, micros_per_minute: microsPerMinute })
    .onDuplicateKeyUpdate({ micros_per_minute: microsPerMinute })
    .execute()
}

/** Sets a tenant's price from `validFrom` on; null = the common price list. */
export async function setSaleRate(
  db: Database | Trx,
  tenantId: number | null,
  destination: DestinationClass,
  microsPerMinute: number,
  validFrom: Date,
): Promise<void> {
  await db
    .insertInto('sale_rates')
    .values({ tenant_id: tenantId ?? 0, destination, valid_from: validFrom, micros_per_minute: microsPerMinute })
    .onDuplicateKeyUpdate({ micros_per_minute: microsPerMinute })
    .execute()
}

/** The trunk with this name that serves a tenant: its own before a shared one. */
async function findTrunk(trx: Trx, tenantId: number, endpoint: string) {
  return (await trunksNamed(trx, { tenantId, endpoint }))[0]
}

const trunksNamed = prepared((db, { tenantId, endpoint }: { tenantId: number; endpoint: string }) =>
  db
    .selectFrom('trunks')
    .selectAll()
    .where('endpoint', '=', endpoint)
    .where((where) => where.or([where('tenant_id', '=', tenantId), where('tenant_id', 'is', null)]))
    .orderBy('tenant_id', 'desc')
    .limit(1),
)
