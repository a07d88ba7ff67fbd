import { sql } from 'kysely'
import type { Trx } from '../../database/pool.ts'
import { addTask } from '../../tasks/tasks.ts'
import type { Call, LockedCall } from '../call.ts'
import { closeCall } from '../end.ts'

/** Why nobody answered; kept as the verdict of the call. */
export type MissedReason = 'outside-hours' | 'holiday' | 'nobody' | 'gave-up' | 'our-failure'

/**
 * Nobody answered: the call ends, and whoever called is to be called back, by the agent who knows them or by anybody. `lost`:
 * nobody reported how it ended. The caller has locked the tenant and the call.
 */
export async function closeMissedCall(
  trx: Trx,
  locked: LockedCall,
  reason: MissedReason,
  now: Date,
  state: 'ended' | 'lost' = 'ended',
): Promise<void> {
  const { call, tenant } = locked
  await trx.updateTable('calls').set({ verdict: reason }).where('id', '=', call.id).execute()
  await closeCall(trx, locked, { state, outcome: 'missed', talkedSeconds: 0, hungUpBy: null, report: null }, now)
  if (call.e164 === null) return
  const agentId = await findLastAgent(trx, call)
  await addTask(trx, tenant.id, { kind: 'missed', e164: call.e164, agentId, dueAt: now, callId: call.id }, now)
}

/** The agent who called this number or talked to it last, while they may sign in; null = nobody. */
export async function findLastAgent(trx: Trx, { tenant_id, e164 }: Call): Promise<number | null> {
  if (e164 === null) return null
  const last = await trx
    .selectFrom('calls')
    .innerJoin('agents', (join) => join.on('agents.id', '=', sql`coalesce(calls.transferred_to_agent_id, calls.agent_id)`))
    .innerJoin('users', 'users.id', 'agents.user_id')
    .select(['agents.id as agent_id', 'users.disabled_at'])
    .where('calls.tenant_id', '=', tenant_id)
    .where('calls.e164', '=', e164)
    .where('calls.state', '!=', 'refused')
    .orderBy('calls.requested_at', 'desc')
    .orderBy('calls.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last && last.disabled_at === null ? last.agent_id : null
}
