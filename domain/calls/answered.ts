import { lockOpenLease, talkCoveredByLease } from '../balance.ts'
import type { Uptime } from '../clock.ts'
import type { Database, Trx } from '../database/pool.ts'
import { inTransaction } from '../database/transaction.ts'
import { recordEvent } from '../events.ts'
import { leaseTimes } from '../lease-times.ts'
import { billingRuleOf } from '../tenants.ts'
import { lockReportedCall, type Leg } from './call.ts'

/**
 * The lead picked up: talk time starts here, and what is held starts to run out. `metered` is false when the call is
 * not waiting for an answer (it was settled meanwhile, or nobody authorised it): it must not go on unmetered. `leadLeg` is what
 * goes on when the call is passed to a colleague.
 */
export async function markAnswered(
  db: Database,
  callId: string,
  trunk: string,
  now: Date,
  signal?: AbortSignal,
  uptime?: Uptime,
  leadLeg?: Leg,
): Promise<{ metered: boolean; tenantId: number | null }> {
  const work = async (trx: Trx) => {
    const locked = await lockReportedCall(trx, callId)
    if (!locked) return { metered: false, tenantId: null }
    const { call, tenant } = locked
    const tenantId = tenant.id
    if (call.state !== 'authorized') return { metered: call.state === 'answered', tenantId }
    const lease = await lockOpenLease(trx, callId)
    if (!lease) return { metered: false, tenantId }
    await trx
      .updateTable('calls')
      .set({
        state: 'answered',
        answered_at: now,
        answered_boot: uptime?.boot ?? null,
        answered_uptime_ms: uptime?.ms ?? null,
        lead_channel: leadLeg?.channel ?? null,
        lead_unique_id: leadLeg?.uniqueId ?? null,
        trunk: /^[a-z0-9-]{1,64}$/.test(trunk) ? trunk : null,
      })
      .where('id', '=', callId)
      .execute()
    const covered = talkCoveredByLease(lease.held_seconds, billingRuleOf(call))
    await trx
      .updateTable('leases')
      .set(leaseTimes(covered * 1000, now, uptime))
      .where('call_id', '=', callId)
      .execute()
    // An emergency call is never recorded.
    if (tenant.records_calls && call.destination !== 'emergency') {
      await trx.insertInto('recordings').values({ call_id: callId, tenant_id: call.tenant_id, created_at: now }).execute()
    }
    await recordEvent(trx, call, 'answered', now)
    return { metered: true, tenantId }
  }
  return inTransaction(db, work, signal)
}
