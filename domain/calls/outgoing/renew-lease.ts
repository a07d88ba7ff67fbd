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

/** Seconds of talk left before the call must end; null = enough until well after the next tick. */
export interface Renewal {
  endsInSeconds: number | null
  /** For the log; null for an id that no call has. */
  tenantId: number | null
}

/**
 * A tick, or a probe in its place: the call is alive, so what it holds is extended. When the balance cannot reach past the next tick, the
 * answer says after how many seconds the call must end; asked again then, it finds a top-up that came meanwhile.
 */
export async function renewLease(db: Database, callId: string, at: Moment): Promise<Renewal> {
  const { now } = at
  return inTransaction(db, async (trx) => {
    const locked = await lockReportedCall(trx, callId)
    const tenantId = locked?.tenant.id ?? null
    if (!locked) return { endsInSeconds: 0, tenantId }
    const { call } = locked
    // A probe found it up (worker/jobs/liveness-probes.ts): it rings still, or takes no minutes, so nothing runs out.
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
      // An order to end it that was on its way is void (worker/jobs/overdue-leases.ts).
      .set({ ...leaseTimes(expiresInMs, at), talked_seconds: talked, cut_at: null, cut_reason: null })
      .where('call_id', '=', callId)
      .execute()
    const remaining = Math.max(0, Math.floor(expiresInMs / 1000) - endsEarlySeconds)
    if (remaining > endingSeconds) {
      await takeWarningBack(trx, call, now)
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

/** A top-up came after the warning: the page takes it back. */
async function takeWarningBack(trx: Trx, call: Call, now: Date): Promise<void> {
  const last = await trx
    .selectFrom('call_events')
    .select('kind')
    .where('call_id', '=', call.id)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (last?.kind.endsWith('-ending')) await recordEvent(trx, call, 'extended', now)
}

/** Seconds of talk from now on that a call's lease still covers, less the second in which it is ended; for the warning on the page. */
export async function readSecondsLeft(db: Database, tenantId: number, callId: string, now: Date): Promise<number> {
  const lease = await db
    .selectFrom('leases')
    .select('expires_at')
    .where('tenant_id', '=', tenantId)
    .where('call_id', '=', callId)
    .executeTakeFirst()
  return lease ? Math.max(0, Math.floor((lease.expires_at.getTime() - now.getTime()) / 1000) - endsEarlySeconds) : 0
}
