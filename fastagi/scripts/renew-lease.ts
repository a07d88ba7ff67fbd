import { renewLease as renew } from '../../domain/calls/outgoing/renew-lease.ts'
import type { AgiRequest } from '../agi-request.ts'
import type { AgiContext } from '../context.ts'

/**
 * The call is alive, reported by its tick or by a probe of the worker.
 *   in    1 call id
 *   out   RAMAL_LEASE: `renewed`, `ending` (then RAMAL_ENDS_IN_SECONDS) or `over`
 */
export async function renewLease(agi: AgiRequest, { db, clock, log }: AgiContext): Promise<void> {
  const callId = agi.argument(1)
  const { endsInSeconds, tenantId } = await renew(db, callId, clock.moment())
  if (endsInSeconds !== null) log.info({ tenantId, callId, uniqueId: agi.uniqueId, endsInSeconds }, 'call will end')
  await agi.setVariables(
    endsInSeconds === null
      ? { RAMAL_LEASE: 'renewed' }
      : { RAMAL_ENDS_IN_SECONDS: endsInSeconds, RAMAL_LEASE: endsInSeconds > 0 ? 'ending' : 'over' },
  )
}
