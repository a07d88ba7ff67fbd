import { availableSeconds, lockOpenLease } from '../../balance/ledger.ts'
import type { Trx } from '../../database/pool.ts'
import { agentOf, type LockedCall } from '../call.ts'
import { dayLeftFor } from '../../policy/call-policy.ts'

export type CutReason = 'balance' | 'limit' | 'network'

/**
 * Why a lease cannot be extended: no minutes, or a daily limit. If enough is left of both, the ticks have stopped because no
 * audio flows.
 */
export async function whyItEnds(trx: Trx, { call, tenant }: LockedCall, now: Date): Promise<CutReason> {
  const block = call.next_block_seconds
  if ((await availableSeconds(trx, tenant.id)) < block) return 'balance'
  return (await dayLeftFor(trx, tenant, agentOf(call), now)) < block ? 'limit' : 'network'
}

/** Stores that the call is told to end because its lease runs out, and returns why. Null for a call without a lease. */
export async function markCut(trx: Trx, locked: LockedCall, now: Date): Promise<CutReason | null> {
  if (!(await lockOpenLease(trx, locked.call.id))) return null
  const cut_reason = await whyItEnds(trx, locked, now)
  await trx.updateTable('leases').set({ cut_at: now, cut_reason }).where('call_id', '=', locked.call.id).execute()
  return cut_reason
}
