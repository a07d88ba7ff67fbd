import { agentRingSeconds } from '../../domain/telephony/call-files.ts'
import { ringNextPhone } from '../../domain/calls/transfers/transfer-steps.ts'
import type { AgiRequest } from '../agi-request.ts'
import type { AgiContext } from '../context.ts'

/**
 * A transferred lead waits: which phone rings next?
 *   in    1 call id
 *   out   RAMAL_VERDICT: `allowed`, then RAMAL_PHONE, RAMAL_RING_AGENT, RAMAL_LEFT_SECONDS and RAMAL_GROUP; or `unavailable`
 *         if no phone is left
 */
export async function transferNext(agi: AgiRequest, { db, clock, log, signal }: AgiContext & { signal: AbortSignal }): Promise<void> {
  const callId = agi.argument(1)
  const { endpoint, leftSeconds, group, tenantId } = await ringNextPhone(db, callId, clock.moment(), { signal })
  log.info({ tenantId, callId, uniqueId: agi.uniqueId, endpoint }, 'transfer next')
  if (endpoint === null) return agi.setVariables({ RAMAL_VERDICT: 'unavailable' })
  await agi.setVariables({
    RAMAL_PHONE: endpoint,
    RAMAL_RING_AGENT: agentRingSeconds,
    RAMAL_LEFT_SECONDS: leftSeconds,
    RAMAL_GROUP: group,
    RAMAL_VERDICT: 'allowed',
  })
}
