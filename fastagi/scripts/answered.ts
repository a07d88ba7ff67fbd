import { markAnswered } from '../../domain/calls/outgoing/answer.ts'
import { readCallerId } from '../../domain/telephony/caller-id.ts'
import type { AgiRequest } from '../agi-request.ts'
import type { AgiContext } from '../context.ts'

/**
 * The lead answered: talk time starts here, never at the agent's answer.
 *   in    1 call id   2 trunk that carried it   3 caller id that it showed
 *   out   RAMAL_VERDICT: `allowed`, or `already-used` for a call that is not waiting for an answer;
 *         RAMAL_PAID: 1 if the talk takes minutes, else 0
 */
export async function answered(agi: AgiRequest, { db, clock, log, signal }: AgiContext & { signal: AbortSignal }): Promise<void> {
  const callId = agi.argument(1)
  const { channel, uniqueId } = agi
  const { metered, paid, tenantId } = await markAnswered(db, callId, agi.argument(2), clock.moment(), {
    leadLeg: { channel, uniqueId },
    callerId: readCallerId(agi.argument(3)),
    signal,
  })
  log.info({ tenantId, callId, uniqueId, metered }, 'answered')
  await agi.setVariables({ RAMAL_PAID: paid ? 1 : 0, RAMAL_VERDICT: metered ? 'allowed' : 'already-used' })
}
