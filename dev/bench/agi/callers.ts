import type { Insertable } from 'kysely'
import type { Database } from '../../../domain/database/pool.ts'
import type { TenantsTable } from '../../../domain/database/schema.ts'
import { addAgents } from '../../../domain/testing/agents.ts'
import { scene } from '../../../domain/testing/scene.ts'
import { books } from '../../../domain/testing/steps.ts'

/** An agent who calls continuously. */
export interface Caller {
  tenantId: number
  agentId: number
  endpoint: string
  contactId: number
}

/** No rule refuses a call: this measures calls, not refusals. */
const noLimits: Partial<Insertable<TenantsTable>> = {
  max_calls: 10_000,
  max_calls_per_second: 100_000,
  agent_day_calls_limit: null,
  agent_day_seconds_limit: null,
  spend_alarm_factor: 0,
}

/** Adds companies and `callers` agents, distributed among them, so that the lock of one company's row does not dominate. */
export async function addCallers(db: Database, companies: number, callers: number): Promise<Caller[]> {
  const teams: Caller[][] = []
  while (teams.length < companies) teams.push(await addTeam(db, Math.ceil(callers / companies)))
  return Array.from({ length: callers }, (_, index) => teams[index % companies]?.[Math.floor(index / companies)]).filter(
    (caller) => caller !== undefined,
  )
}

/** One company and its agents. */
export async function addTeam(db: Database, agents: number): Promise<Caller[]> {
  const { tenantId, slug, maria } = await scene(db, { balanceSeconds: 1_000_000_000, tenant: noLimits })
  return (await addAgents(db, { tenantId, slug }, agents)).map(({ agentId, endpoint }) => ({
    tenantId,
    agentId,
    endpoint,
    contactId: maria.id,
  }))
}

/** Throws if balance, ledger and leases of a company disagree. */
export async function checkAllBooks(db: Database): Promise<void> {
  for (const { id } of await db.selectFrom('tenants').select('id').execute()) {
    const { balance, held, ledger, leases } = await books(db, id)
    if (balance !== ledger || held !== 0 || leases !== 0)
      throw new Error(`company ${id}: ${JSON.stringify({ balance, held, ledger, leases })}`)
  }
}
