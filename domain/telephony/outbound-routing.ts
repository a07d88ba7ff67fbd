import NodeCache from 'node-cache'
import type { Database, Trx } from '../database/pool.ts'
import type { DestinationClass } from './destination-classes.ts'
import { listNumbers } from './did-numbers.ts'
import { findTrunkRate } from '../balance/rates.ts'
import type { Tenant } from '../tenants/tenants.ts'
import { listTrunksFor } from './trunks.ts'

/** How a call leaves: trunk endpoints in the order to try, and the number to show. */
export interface Route {
  trunks: string[]
  /** One of the tenant's own numbers, E.164; null when it has none. */
  callerId: string | null
}

interface Ways {
  trunks: string[]
  numbers: string[]
}

/** So long after a change of trunks or numbers calls may still go the old way. */
export const waysKeptSeconds = 15

const ways = new NodeCache({ stdTTL: waysKeptSeconds, useClones: false })
const mostKept = 10_000

/**
 * A tenant's way to a kind of number, at most 15 s old: it changes when a sysadmin edits trunks, and is asked for on every
 * call. The number shown is one with the lead's own area code (DDD) where the tenant has one, else its first.
 */
export async function findRoute(
  db: Database | Trx,
  tenant: Tenant,
  destination: DestinationClass,
  e164: string | null,
  now: Date,
): Promise<Route> {
  const key = `${tenant.id} ${destination} ${tenant.trunk_order}`
  let known = ways.get<Ways>(key)
  if (!known) {
    known = { trunks: await listTrunks(db, tenant, destination, now), numbers: await listNumbers(db, tenant.id) }
    if (ways.keys().length < mostKept) ways.set(key, known)
  }
  const areaCode = areaCodeOf(e164)
  const local = areaCode === null ? undefined : known.numbers.find((number) => areaCodeOf(number) === areaCode)
  return { trunks: known.trunks, callerId: local ?? known.numbers[0] ?? null }
}

async function listTrunks(db: Database | Trx, tenant: Tenant, destination: DestinationClass, now: Date): Promise<string[]> {
  const trunks = await listTrunksFor(db, tenant.id)
  if (tenant.trunk_order === 'priority') return trunks.map((trunk) => trunk.endpoint)
  const priced: { endpoint: string; rate: number }[] = []
  for (const { id, endpoint } of trunks) priced.push({ endpoint, rate: (await findTrunkRate(db, id, destination, now)) ?? Infinity })
  // The sort is stable: of equal or unknown rates the priority decides.
  return priced.sort((a, b) => (a.rate === b.rate ? 0 : a.rate - b.rate)).map((trunk) => trunk.endpoint)
}

/** The DDD of an ordinary Brazilian number, as the caller id should match it; null for every other. */
function areaCodeOf(e164: string | null): string | null {
  return /^\+55(\d\d)\d{8,9}$/.exec(e164 ?? '')?.[1] ?? null
}
