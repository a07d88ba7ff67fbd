import { ringNext as next } from '../../domain/calls/incoming/receive.ts'
import type { AgiRequest } from '../agi-request.ts'
import type { AgiContext } from '../context.ts'

/**
 * No agent answered: which phones ring next?
 *   in    1 call id   2 the stage that rang: `last` or `group`   3 Dial's DIALSTATUS; ANSWER = an agent answered
 *   out   RAMAL_VERDICT: `ring` and the phones, `nobody` (no phone is left), or `over` for a call that no longer waits
 */
export async function ringNext(agi: AgiRequest, { db, clock, log }: AgiContext): Promise<void> {
  const callId = agi.argument(1)
  const answer = await next(db, callId, agi.argument(2), clock.now(), { pickedUp: agi.argument(3) === 'ANSWER' })
  log.info({ tenantId: answer.tenantId, callId, uniqueId: agi.uniqueId, verdict: answer.verdict }, 'ring next')
  await agi.setVariables(
    answer.verdict === 'ring'
      ? {
          RAMAL_STAGE: answer.stage,
          RAMAL_RING: answer.endpoints.join(':'),
          RAMAL_RING_SECONDS: answer.seconds,
          RAMAL_VERDICT: answer.verdict,
        }
      : { RAMAL_VERDICT: answer.verdict },
  )
}
