import NodeCache from 'node-cache'
import type { Database, Trx } from './database/pool.ts'

/** How a tenant's calls leave: trunk endpoints in the order to try, and the number to show. */
export interface Route {
  trunks: string[]
  callerId: string | null
}

const routes = new NodeCache({ stdTTL: 15, useClones: false, maxKeys: 10_000 })

/** A tenant's route, at most 15 s old: it changes when a sysadmin edits trunks, and is asked for on every call. */
export async function findRoute(db: Database | Trx, tenantId: number): Promise<Route> {
  const known = routes.get<Route>(tenantId)
  if (known) return known
  const route = await readRoute(db, tenantId)
  if (routes.keys().length < 10_000) routes.set(tenantId, route)
  return route
}

async function readRoute(db: Database | Trx, tenantId: number): Promise<Route> {
  const trunks = await db
    .selectFrom('trunks')
    .select('endpoint')
    .where((where) => where.or([where('tenant_id', '=', tenantId), where('tenant_id', 'is', null)]))
    .where('enabled', '=', true as never)
    .orderBy('priority')
    .orderBy('id')
    .execute()
  const number = await db
    .selectFrom('numbers')
    .select('e164')
    .where('tenant_id', '=', tenantId)
    .orderBy('position')
    .orderBy('id')
    .executeTakeFirst()
  return { trunks: trunks.map((trunk) => trunk.endpoint), callerId: number?.e164 ?? null }
}
