import type { Database, Trx } from '../database/pool.ts'
import { listTrunks } from '../telephony/trunks.ts'
import type { DestinationClass } from '../telephony/destination-classes.ts'
import { listSaleRates, listTrunkRates, setTrunkRate } from './rates.ts'

/** A rate of a carrier (`trunk`) or a price for tenants (`sale`). `tenantId` null = for all tenants. */
export interface ListedRate {
  kind: 'trunk' | 'sale'
  endpoint: string | null
  tenantId: number | null
  destination: DestinationClass
  microsPerMinute: number
  validFrom: Date
  status: 'future' | 'current' | 'past'
}

/** Every rate and price. For each destination the newest that is not in the future is the current one. */
export async function listRates(db: Database, now: Date): Promise<ListedRate[]> {
  const trunks = new Map((await listTrunks(db)).map((trunk) => [trunk.id, trunk]))
  const rates = [
    ...(await listTrunkRates(db)).map((rate) => {
      const trunk = trunks.get(rate.trunk_id)
      return { ...rate, kind: 'trunk' as const, endpoint: trunk?.endpoint ?? null, tenantId: trunk?.tenant_id ?? null }
    }),
    ...(await listSaleRates(db)).map((rate) => ({ ...rate, kind: 'sale' as const, endpoint: null, tenantId: rate.tenant_id || null })),
  ]
  const replaced = new Set<string>()
  // The newest comes first for each destination.
  return rates.map(({ kind, endpoint, tenantId, destination, micros_per_minute: microsPerMinute, valid_from: validFrom }) => {
    const key = [kind, endpoint, tenantId, destination].join(' ')
    const status = validFrom > now ? 'future' : replaced.has(key) ? 'past' : 'current'
    if (status === 'current') replaced.add(key)
    return { kind, endpoint, tenantId, destination, microsPerMinute, validFrom, status }
  })
}

/** Sets what a carrier charges, on each of its trunks. False if no trunk has this endpoint. */
export async function setCarrierRate(
  trx: Trx,
  endpoint: string,
  destination: DestinationClass,
  microsPerMinute: number,
  validFrom: Date,
): Promise<boolean> {
  const trunks = (await listTrunks(trx)).filter((trunk) => trunk.endpoint === endpoint)
  for (const { id } of trunks) await setTrunkRate(trx, id, destination, microsPerMinute, validFrom)
  return trunks.length > 0
}
