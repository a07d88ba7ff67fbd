import { availableSeconds, lockOpenLease } from '../balance.ts'
import type { Trx } from '../database/pool.ts'
import type { LockedCall } from './call.ts'
import { dayLeftFor } from './permission.ts'

/**
 * Notes that a call is told to end because what it holds runs out, and why it could hold no more: no minutes, a limit of
 * the day, or, while there is enough of both, ticks that stopped coming because no audio flows.
 */
export async function markCut(trx: Trx, { call, tenant }: LockedCall, now: Date): Promise<void> {
  const lease = await lockOpenLease(trx, call.id)
  if (!lease) return
  const minutes = await availableSeconds(trx, tenant.id)
  const dayLeft = await dayLeftFor(trx, tenant, call.agent_id, lease.held_seconds, now)
  const block = call.next_block_seconds
  const cut_reason = minutes < block ? 'balance' : dayLeft < block ? 'limit' : 'network'
  await trx.updateTable('leases').set({ cut_at: now, cut_reason }).where('call_id', '=', call.id).execute()
}
