import { lockOpenLease, talkCoveredByLease } from '../../balance/ledger.ts'
import type { Moment } from '../../runtime/clock.ts'
import type { Database, Trx } from '../../database/pool.ts'
import { pick, prepared } from '../../database/prepared.ts'
import { inTransaction } from '../../database/transaction.ts'
import { recordEvent } from '../../events.ts'
import { leaseTimeColumns, leaseTimes, type LeaseTimes } from '../../balance/lease-timing.ts'
import { billingRuleOf } from '../../tenants/tenants.ts'
import { lockReportedCall, type Leg } from '../call.ts'

/**
 * The lead answered: talk time starts here, and the lease starts to run out. `metered` is false if the call does not wait for an
 * answer (it has ended, or was not authorized): the dialplan must end it. `leadLeg` remains when the call is transferred.
 * `paid`: the talk takes minutes.
 */
export async function markAnswered(
  db: Database,
  callId: string,
  trunk: string,
  at: Moment,
  { leadLeg, callerId = null, signal }: { leadLeg?: Leg; callerId?: string | null; signal?: AbortSignal } = {},
): Promise<{ metered: boolean; paid: boolean; tenantId: number | null }> {
  const { now, uptime } = at
  const work = async (trx: Trx) => {
    const locked = await lockReportedCall(trx, callId)
    if (!locked) return { metered: false, paid: false, tenantId: null }
    const { call, tenant } = locked
    const tenantId = tenant.id
    const rule = billingRuleOf(call)
    const paid = !rule.freeOfCharge
    if (call.state !== 'authorized') return { metered: call.state === 'answered', paid, tenantId }
    const lease = await lockOpenLease(trx, callId)
    if (!lease) return { metered: false, paid, tenantId }
    await setAnswered(trx, {
      callId,
      now,
      boot: uptime.boot,
      uptimeMs: uptime.ms,
      leadChannel: leadLeg?.channel ?? null,
      leadUniqueId: leadLeg?.uniqueId ?? null,
      trunk: /^[a-z0-9-]{1,64}$/.test(trunk) ? trunk : null,
      // An earlier trunk may have shown another number.
      callerId: callerId ?? call.caller_id,
    })
    const covered = talkCoveredByLease(lease.held_seconds, rule)
    await setLeaseTimes(trx, { callId, ...leaseTimes(covered * 1000, at) })
    // An emergency call is never recorded.
    if (tenant.records_calls && call.destination !== 'emergency') {
      await addRecording(trx, { callId, tenantId: call.tenant_id, now })
    }
    await recordEvent(trx, call, 'answered', now)
    return { metered: true, paid, tenantId }
  }
  return inTransaction(db, work, signal)
}

interface Answered {
  callId: string
  now: Date
  boot: string
  uptimeMs: number
  leadChannel: string | null
  leadUniqueId: string | null
  trunk: string | null
  callerId: string | null
}

const setAnswered = prepared((db, { callId, now, boot, uptimeMs, leadChannel, leadUniqueId, trunk, callerId }: Answered) =>
  db
    .updateTable('calls')
    .set({
      state: 'answered',
      answered_at: now,
      answered_boot: boot,
      answered_uptime_ms: uptimeMs,
      lead_channel: leadChannel,
      lead_unique_id: leadUniqueId,
      trunk,
      caller_id: callerId,
    })
    .where('id', '=', callId),
)

const setLeaseTimes = prepared((db, lease: LeaseTimes & { callId: string }) =>
  db.updateTable('leases').set(pick(lease, leaseTimeColumns)).where('call_id', '=', lease.callId),
)

const addRecording = prepared((db, { callId, tenantId, now }: { callId: string; tenantId: number; now: Date }) =>
  db.insertInto('recordings').values({ call_id: callId, tenant_id: tenantId, created_at: now }),
)
