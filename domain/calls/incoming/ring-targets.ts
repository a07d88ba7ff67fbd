import { sql } from 'kysely'
import type { Database, Trx } from '../../database/pool.ts'
import { registeredPhones } from '../../telephony/phones.ts'
import type { Call } from '../call.ts'
import { returningTransfers, ringingTransfers } from '../transfers/open-transfers.ts'

/** An agent whose phones may ring, and those that are registered: browser, desk, or both. */
export interface FreeAgent {
  agentId: number
  endpoints: string[]
}

/** How many phones may ring at once: each takes a leg of its own. */
const mostAtOnce = 40

/**
 * The agents of a tenant who could take a call now: they may sign in, have a registered phone, have no call, and no transfer
 * rings them or may return to them. `among` limits the result to one agent; agents who rang for the call `notRungFor` are left
 * out. The order is random, so that no agent is always first.
 */
export async function findFreeAgents(
  trx: Trx,
  tenantId: number,
  now: Date,
  { among = null, notRungFor = null }: { among?: number | null; notRungFor?: string | null } = {},
): Promise<FreeAgent[]> {
  let query = trx
    .selectFrom('phones')
    .innerJoin('agents', 'agents.id', 'phones.agent_id')
    .innerJoin('users', 'users.id', 'agents.user_id')
    .leftJoin('calls', 'calls.open_agent_id', 'agents.id')
    .select(['phones.endpoint', 'phones.agent_id'])
    .where('phones.tenant_id', '=', tenantId)
    .where('users.disabled_at', 'is', null)
    .where('calls.id', 'is', null)
    .where('agents.id', 'not in', ringingTransfers(trx, tenantId, now).select('transfers.ringing_agent_id'))
    .where('agents.id', 'not in', returningTransfers(trx, tenantId).select('transfers.from_agent_id'))
    .where('phones.id', 'in', registeredPhones(trx, tenantId, now).select('phones.id'))
  if (among !== null) query = query.where('phones.agent_id', '=', among)
  if (notRungFor !== null) {
    query = query.where('phones.agent_id', 'not in', trx.selectFrom('call_rings').select('agent_id').where('call_id', '=', notRungFor))
  }
  const phones = await query
    .orderBy(sql`rand()`)
    .limit(mostAtOnce)
    .execute()
  const byAgent = Map.groupBy(phones, ({ agent_id }) => agent_id)
  return [...byAgent].map(([agentId, own]) => ({ agentId, endpoints: own.map(({ endpoint }) => endpoint) }))
}

/** Stores that only these agents' phones ring now. */
export async function noteRinging(trx: Trx, call: Call, agents: readonly FreeAgent[]): Promise<void> {
  await trx.updateTable('call_rings').set({ ringing: false }).where('call_id', '=', call.id).execute()
  const ring = { call_id: call.id, tenant_id: call.tenant_id }
  await trx
    .insertInto('call_rings')
    .values(agents.map(({ agentId }) => ({ ...ring, agent_id: agentId })))
    .onDuplicateKeyUpdate({ ringing: true })
    .execute()
}

/** The agents of a tenant whose phones ring for an incoming call now. */
export async function findRungAgents(db: Database | Trx, tenantId: number): Promise<Set<number>> {
  // Starts from the calls: few wait at a time, but an agent has many old rings.
  const rung = await db
    .selectFrom('calls')
    .innerJoin('call_rings', 'call_rings.call_id', 'calls.id')
    .select('call_rings.agent_id')
    .where('calls.tenant_id', '=', tenantId)
    .where('calls.state', '=', 'authorized')
    .where('calls.origin', '=', 'incoming')
    .where('call_rings.ringing', '=', 1)
    .execute()
  return new Set(rung.map(({ agent_id }) => agent_id))
}

/** The agents that a call rang; true = they rang last. */
export async function readRings(db: Database | Trx, callId: string): Promise<Map<number, boolean>> {
  const rows = await db.selectFrom('call_rings').select(['agent_id', 'ringing']).where('call_id', '=', callId).execute()
  return new Map(rows.map((row) => [row.agent_id, row.ringing === 1]))
}

/** The names of the agents that a call rang. */
export async function listRungNames(db: Database, tenantId: number, callId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('call_rings')
    .innerJoin('agents', 'agents.id', 'call_rings.agent_id')
    .innerJoin('users', 'users.id', 'agents.user_id')
    .select('users.name')
    .where('call_rings.tenant_id', '=', tenantId)
    .where('call_rings.call_id', '=', callId)
    .orderBy('users.name')
    .execute()
  return rows.map((row) => row.name)
}
