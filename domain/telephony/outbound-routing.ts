import NodeCache from 'node-cache'
import type { Database, Trx } from '../database/pool.ts'
import type { DestinationClass } from './destination-classes.ts'
import { areaCodeOf, listNumbers } from './did-numbers.ts'
import { findTrunkRate } from '../balance/rates.ts'
import type { Tenant } from '../tenants/tenants.ts'
import { listTrunksFor, type Trunk } from './trunks.ts'

/** One attempt of a call: the trunk, and the caller id that it shows. */
export interface RouteStep {
  trunk: Trunk
  /** One of the tenant's numbers, E.164; null if it has none that the trunk may show. */
  callerId: string | null
}

interface Ways {
  trunks: Trunk[]
  numbers: string[]
}

/** How long calls may still use an old route after a change of trunks or numbers. */
export const waysKeptSeconds = 15

const ways = new NodeCache({ stdTTL: waysKeptSeconds, useClones: false })
const mostKept = 10_000

/**
 * A tenant's route for a class of number, in the order to try, cached for up to 15 s: an operator rarely edits trunks, and every call
 * reads it. The caller id is the tenant's special number (0303, 0800, 4004) where the trunk allows it, else the number with the lead's
 * area code (DDD), else the first number with an area code. An emergency call shows no special number: it does not tell a place.
 */
export async function findRoute(
  db: Database | Trx,
  tenant: Tenant,
  destination: DestinationClass,
  e164: string | null,
  now: Date,
): Promise<RouteStep[]> {
  const key = `${tenant.id} ${destination} ${tenant.trunk_order}`
  let known = ways.get<Ways>(key)
  if (!known) {
    known = { trunks: await listTrunks(db, tenant, destination, now), numbers: await listNumbers(db, tenant.id) }
    if (ways.keys().length < mostKept) ways.set(key, known)
  }
  const special = destination === 'emergency' ? undefined : known.numbers.find((number) => areaCodeOf(number) === null)
  const lines = known.numbers.filter((number) => areaCodeOf(number) !== null)
  const areaCode = areaCodeOf(e164)
  const line = lines.find((number) => areaCode !== null && areaCodeOf(number) === areaCode) ?? lines[0] ?? null
  return known.trunks.map((trunk) => ({ trunk, callerId: (trunk.special_caller_ids === 1 ? special : undefined) ?? line }))
}

async function listTrunks(db: Database | Trx, tenant: Tenant, destination: DestinationClass, now: Date): Promise<Trunk[]> {
  const trunks = await listTrunksFor(db, tenant.id)
  if (tenant.trunk_order === 'priority') return trunks
  const priced: { trunk: Trunk; rate: number }[] = []
  for (const trunk of trunks) priced.push({ trunk, rate: (await findTrunkRate(db, trunk.id, destination, now)) ?? Infinity })
  // The sort is stable: equal or unknown rates keep the order of priority.
  return priced.sort((a, b) => (a.rate === b.rate ? 0 : a.rate - b.rate)).map(({ trunk }) => trunk)
}
