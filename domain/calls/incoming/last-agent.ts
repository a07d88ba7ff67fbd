import { sql } from 'kysely'
import type { Trx } from '../../database/pool.ts'
import { listNumbersWith } from '../../contacts/numbers.ts'
import type { Call } from '../call.ts'

/** The agent who last called the caller, on any of the lead's numbers, or talked to them; null if there is none, or that agent may not sign in any more. */
export async function findLastAgent(trx: Trx, { tenant_id, e164 }: Call): Promise<number | null> {
  if (e164 === null) return null
  const numbers = await listNumbersWith(trx, tenant_id, e164)
  const last = await trx
    .selectFrom('calls')
    .innerJoin('agents', (join) => join.on('agents.id', '=', sql`coalesce(calls.transferred_to_agent_id, calls.agent_id)`))
    .innerJoin('users', 'users.id', 'agents.user_id')
    .select(['agents.id as agent_id', 'users.disabled_at'])
    .where('calls.tenant_id', '=', tenant_id)
    .where('calls.e164', 'in', numbers)
    .where('calls.state', '!=', 'refused')
    .orderBy('calls.requested_at', 'desc')
    .orderBy('calls.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last && last.disabled_at === null ? last.agent_id : null
}
