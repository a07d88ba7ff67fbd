import type { Moment } from '../../runtime/clock.ts'
import type { Database } from '../../database/pool.ts'
import { inTransaction } from '../../database/transaction.ts'
import { recordEvent } from '../../events.ts'
import { findPhoneOwner } from '../../telephony/phones.ts'
import { lockReportedCall } from '../call.ts'
import { isWaiting } from './receive.ts'
import { isOccupied } from '../outgoing/request.ts'
import { readRings } from './ring-targets.ts'

/**
 * An agent answered. The call is theirs if it still waits, if it rang on their phone, and if they have no other call. A
 * repeated report changes nothing.
 */
export async function answerIncoming(
  db: Database,
  callId: string,
  endpoint: string | null,
  { now, uptime }: Moment,
  { signal }: { signal?: AbortSignal } = {},
): Promise<{ theirs: boolean; tenantId: number | null }> {
  return inTransaction(
    db,
    async (trx) => {
      const owner = endpoint === null ? null : await findPhoneOwner(trx, endpoint)
      const locked = await lockReportedCall(trx, callId)
      const tenantId = locked?.tenant.id ?? null
      const none = { theirs: false, tenantId }
      if (!locked || owner?.tenantId !== tenantId || owner.refusal !== null) return none
      const { call, tenant } = locked
      const { agentId } = owner
      if (call.origin === 'incoming' && call.state === 'answered') return { theirs: call.agent_id === agentId, tenantId }
      if (!isWaiting(locked) || !(await readRings(trx, callId)).has(agentId) || (await isOccupied(trx, tenant.id, agentId, now)))
        return none
      await trx
        .updateTable('calls')
        .set({
          state: 'answered',
          agent_id: agentId,
          open_agent_id: agentId,
          answered_at: now,
          answered_boot: uptime.boot,
          answered_uptime_ms: uptime.ms,
        })
        .where('id', '=', callId)
        .execute()
      if (tenant.records_calls)
        await trx.insertInto('recordings').values({ call_id: callId, tenant_id: tenant.id, created_at: now }).execute()
      await recordEvent(trx, { ...call, agent_id: agentId }, 'answered', now)
      return { theirs: true, tenantId }
    },
    signal,
  )
}
