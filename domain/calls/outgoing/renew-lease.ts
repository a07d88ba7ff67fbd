import { extendLease, lockOpenLease } from '../../balance/ledger.ts'
import { wholeSeconds } from '../../balance/billing-rule.ts'
import type { Moment } from '../../runtime/clock.ts'
import type { Database, Trx } from '../../database/pool.ts'
import { inTransaction } from '../../database/transaction.ts'
import { recordEvent } from '../../events.ts'
import { endingSeconds, endsEarlySeconds, leaseTimes } from '../../balance/lease-timing.ts'
import { billingRuleOf } from '../../tenants/tenants.ts'
import { agentOf, lockReportedCall, type Call, type LockedCall } from '../call.ts'
import { markCut, whyItEnds } from './cut-off.ts'
import { dayLeftFor } from '../../policy/call-policy.ts'
import { talkMs } from '../talk-time.ts'

/** The seconds of talk left before the call must end; null = enough until after the next tick. */
export interface Renewal {
  endsInSeconds: number | null
  /** For the log; null for an unknown call id. */
  tenantId: number | null
}

/**
 * A tick, or a probe in its place: the call is alive, so its lease is extended. If the balance does not reach past the next tick,
 * the reply says after how many seconds the call must end. The dialplan asks again then, and finds a top-up.
 */
export async function renewLease(db: Database, callId: string, at: Moment): Promise<Renewal> {
  const { now } = at
  return inTransaction(db, async (trx) => {
    const locked = await lockReportedCall(trx, callId)
    const tenantId = locked?.tenant.id ?? null
    if (!locked) return { endsInSeconds: 0, tenantId }
    const { call } = locked
    // A probe found the call alive (worker/jobs/liveness-probes.ts). An incoming call has no lease.
    if (call.origin === 'incoming' && (call.state === 'authorized' || call.state === 'answered')) {
      await trx.updateTable('calls').set({ heard_at: now }).where('id', '=', callId).execute()
      return { endsInSeconds: null, tenantId }
    }
    if (call.state === 'authorized') return { endsInSeconds: null, tenantId }
    if (call.state !== 'answered') return { endsInSeconds: 0, tenantId }
    const lease = await lockOpenLease(trx, callId)
    if (!lease) return { endsInSeconds: 0, tenantId }
    const rule = billingRuleOf(call)
    const talkedMs = talkMs(call, at)
    const talked = wholeSeconds(talkedMs)
    const dayLeft = rule.freeOfCharge ? Infinity : await dayLeftFor(trx, locked.tenant, agentOf(call), now)
    const covered = await extendLease(trx, { tenantId: call.tenant_id, callId, heldSeconds: lease.held_seconds, rule, dayLeft }, talked)
    const expiresInMs = covered * 1000 - talkedMs
    await trx
      .updateTable('leases')
      // Cancels an order to end the call that is under way (worker/jobs/overdue-leases.ts).
      .set({ ...leaseTimes(expiresInMs, at), talked_seconds: talked, cut_at: null, cut_reason: null })
      .where('call_id', '=', callId)
      .execute()
    const remaining = Math.max(0, Math.floor(expiresInMs / 1000) - endsEarlySeconds)
    if (remaining > endingSeconds) {
      await withdrawWarning(trx, call, now)
      return { endsInSeconds: null, tenantId }
    }
    if (remaining === 0) await markCut(trx, locked, now)
    else await warn(trx, locked, now)
    return { endsInSeconds: remaining, tenantId }
  })
}

async function warn(trx: Trx, locked: LockedCall, now: Date): Promise<void> {
  const reason = await whyItEnds(trx, locked, now)
  await recordEvent(trx, locked.call, reason === 'limit' ? 'limit-ending' : 'balance-ending', now)
}

/** After a top-up, the page removes its warning. */
async function withdrawWarning(trx: Trx, call: Call, now: Date): Promise<void> {
  const last = await trx
    .selectFrom('call_events')
    .select('kind')
    .where('call_id', '=', call.id)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (last?.kind.endsWith('-ending')) await recordEvent(trx, call, 'extended', now)
}

/** The seconds of talk that are left of a call's lease, less the time to end it; for the warning on the page. */
export async function readSecondsLeft(db: Database, tenantId: number, callId: string, now: Date): Promise<number> {
  const lease = await db
    .selectFrom('leases')
    .select('expires_at')
    .where('tenant_id', '=', tenantId)
    .where('call_id', '=', callId)
    .executeTakeFirst()
  return lease ? Math.max(0, Math.floor((lease.expires_at.getTime() - now.getTime()) / 1000) - endsEarlySeconds) : 0
}
