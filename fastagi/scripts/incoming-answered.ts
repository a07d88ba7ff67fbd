import { answerIncoming } from '../../domain/calls/incoming/answer.ts'
import type { AgiRequest } from '../agi-request.ts'
import type { AgiContext } from '../context.ts'

/**
 * An agent answered an incoming call. The channel's endpoint identifies the phone, never an argument.
 *   in    1 call id
 *   out   RAMAL_VERDICT: `allowed`, or `already-used` if the call does not belong to that agent
 */
export async function incomingAnswered(agi: AgiRequest, { db, clock, log, signal }: AgiContext & { signal: AbortSignal }): Promise<void> {
  const callId = agi.argument(1)
  const { endpoint } = agi
  const { theirs, tenantId } = await answerIncoming(db, callId, endpoint, clock.moment(), { signal })
  log.info({ tenantId, callId, uniqueId: agi.uniqueId, endpoint, theirs }, 'incoming answered')
  await agi.setVariables({ RAMAL_VERDICT: theirs ? 'allowed' : 'already-used' })
}
