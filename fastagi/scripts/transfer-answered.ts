import { answerTransfer } from '../../domain/calls/transfers/transfer-steps.ts'
import type { AgiRequest } from '../agi-request.ts'
import type { AgiContext } from '../context.ts'

/**
 * A phone that was rung for a call in passing took it. Whose phone it is comes from the channel.
 *   in    1 call id
 *   out   RAMAL_VERDICT: `allowed`, or `not-yours` for a call that is over or is not offered to this phone
 */
export async function transferAnswered(agi: AgiRequest, { db, clock, log, signal }: AgiContext & { signal: AbortSignal }): Promise<void> {
  const callId = agi.argument(1)
  const { taken, tenantId } = await answerTransfer(db, callId, agi.endpoint, clock.moment(), { signal })
  log.info({ tenantId, callId, uniqueId: agi.uniqueId, endpoint: agi.endpoint, taken }, 'a call in passing was taken')
  await agi.setVariables({ RAMAL_VERDICT: taken ? 'allowed' : 'not-yours' })
}
