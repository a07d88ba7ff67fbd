import NodeCache from 'node-cache'
import type { Database, Trx } from '../database/pool.ts'
import type { DestinationClass } from './destination-classes.ts'
import { listNumbers } from './did-numbers.ts'
import { findTrunkRate } from '../balance/rates.ts'
import type { Tenant } from '../tenants/tenants.ts'
import { listTrunksFor } from './trunks.ts'

/** The route of a call: trunk endpoints in the order to try, and the caller id. */
export interface Route {
  trunks: string[]
  /** One of the tenant's numbers, E.164; null if it has none. */
  callerId: string | null
}

interface Ways {
  trunks: string[]
  numbers: string[]
}

/** How long calls may still use an old route after a change of trunks or numbers. */
export const waysKeptSeconds = 15

const ways = new NodeCache({ stdTTL: waysKeptSeconds, useClones: false })
const mostKept = 10_000

/**
 * A tenant's route for a class of number, cached for up to 15 s: an operator rarely edits trunks, and every call reads it. The
 * caller id is the tenant's number with the lead's area code (DDD), else its first number.
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
  // The sort is stable: equal or unknown rates keep the order of priority.
  return priced.sort((a, b) => (a.rate === b.rate ? 0 : a.rate - b.rate)).map((trunk) => trunk.endpoint)
}

/** The area code (DDD) of an ordinary Brazilian number, for the caller id; null for others. */
function areaCodeOf(e164: string | null): string | null {
  return /^\+55(\d\d)\d{8,9}$/.exec(e164 ?? '')?.[1] ?? null
}
