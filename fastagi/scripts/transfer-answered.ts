import { answerTransfer } from '../../domain/calls/transfers/transfer-steps.ts'
import type { AgiRequest } from '../agi-request.ts'
import type { AgiContext } from '../context.ts'

/**
 * An agent answered a transferred call. The channel's endpoint identifies the phone.
 *   in    1 call id
 *   out   RAMAL_VERDICT: `allowed`, or `not-yours` for a call that is over or does not ring this phone
 */
export async function transferAnswered(agi: AgiRequest, { db, clock, log, signal }: AgiContext & { signal: AbortSignal }): Promise<void> {
  const callId = agi.argument(1)
  const { taken, tenantId } = await answerTransfer(db, callId, agi.endpoint, clock.moment(), { signal })
  log.info({ tenantId, callId, uniqueId: agi.uniqueId, endpoint: agi.endpoint, taken }, 'transfer answered')
  await agi.setVariables({ RAMAL_VERDICT: taken ? 'allowed' : 'not-yours' })
}
