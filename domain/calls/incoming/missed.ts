import type { Trx } from '../../database/pool.ts'
import type { LockedCall } from '../call.ts'
import { closeCall } from '../end.ts'

/** Why no agent answered; stored as the verdict of the call. */
export type MissedReason = 'outside-hours' | 'holiday' | 'nobody' | 'gave-up' | 'our-failure'

/** Ends a call that no agent answered. `lost`: its end was not reported. The caller has locked the tenant and the call. */
export async function closeMissedCall(
  trx: Trx,
  locked: LockedCall,
  reason: MissedReason,
  now: Date,
  state: 'ended' | 'lost' = 'ended',
): Promise<void> {
  await trx.updateTable('calls').set({ verdict: reason }).where('id', '=', locked.call.id).execute()
  await closeCall(trx, locked, { state, outcome: 'missed', talkedSeconds: 0, hungUpBy: null, report: null }, now)
}
