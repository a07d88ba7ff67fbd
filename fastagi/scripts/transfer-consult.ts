import { agentRingSeconds } from '../../domain/telephony/call-files.ts'
import { consultedPhone } from '../../domain/calls/transfers/transfer-steps.ts'
import type { AgiRequest } from '../agi-request.ts'
import type { AgiContext } from '../context.ts'

/**
 * The lead waits, and the agent consults the colleague first: which phone rings?
 *   in    1 call id
 *   out   RAMAL_VERDICT: `allowed`, then RAMAL_PHONE and RAMAL_RING_AGENT; or `unavailable`
 */
export async function transferConsult(agi: AgiRequest, { db, clock, log }: AgiContext): Promise<void> {
  const callId = agi.argument(1)
  const { endpoint, tenantId } = await consultedPhone(db, callId, agi.endpoint, clock.now())
  log.info({ tenantId, callId, uniqueId: agi.uniqueId, endpoint }, 'transfer consultation')
  await agi.setVariables(
    endpoint === null
      ? { RAMAL_VERDICT: 'unavailable' }
      : { RAMAL_PHONE: endpoint, RAMAL_RING_AGENT: agentRingSeconds, RAMAL_VERDICT: 'allowed' },
  )
}
