import { findRungAgents } from '../calls/incoming/ring-targets.ts'
import { ringingTransfers } from '../calls/transfers/open-transfers.ts'
import type { Database } from '../database/pool.ts'
import { registeredPhones } from '../telephony/phones.ts'

/** An agent who can receive a transfer. */
export interface Colleague {
  agentId: number
  name: string
  extension: string
  /** `away`: their browser phone is not registered. `busy`: they are in a call, or a call rings them. */
  presence: 'free' | 'busy' | 'away'
}

const order = ['free', 'busy', 'away']

/** The other agents of a company, free ones first. */
export async function listColleagues(db: Database, tenantId: number, agentId: number, now: Date): Promise<Colleague[]> {
  const registered = registeredPhones(db, tenantId, now).select('phones.agent_id').where('phones.kind', '=', 'browser')
  const ringing = ringingTransfers(db, tenantId, now).select('transfers.ringing_agent_id')
  const rows = await db
    .selectFrom('agents')
    .innerJoin('users', 'users.id', 'agents.user_id')
    .select(['agents.id as agentId', 'users.name', 'agents.extension'])
    .select((eb) => [
      eb('agents.id', 'in', registered).as('is_there'),
      eb.exists(eb.selectFrom('calls').select('calls.id').whereRef('calls.open_agent_id', '=', 'agents.id')).as('is_talking'),
      eb('agents.id', 'in', ringing).as('is_rung'),
    ])
    .where('agents.tenant_id', '=', tenantId)
    .where('agents.id', '!=', agentId)
    .where('users.disabled_at', 'is', null)
    .orderBy('users.name')
    .execute()
  const rungFromOutside = await findRungAgents(db, tenantId)
  const colleagues = rows.map(({ is_there, is_talking, is_rung, ...who }): Colleague => {
    const busy = Boolean(is_talking) || Boolean(is_rung) || rungFromOutside.has(who.agentId)
    return { ...who, presence: !is_there ? 'away' : busy ? 'busy' : 'free' }
  })
  return colleagues.sort((a, b) => order.indexOf(a.presence) - order.indexOf(b.presence))
}
