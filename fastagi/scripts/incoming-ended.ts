import { endIncoming } from '../../domain/calls/incoming/end.ts'
import type { AgiRequest } from '../agi-request.ts'
import type { AgiContext } from '../context.ts'

/**
 * The caller's leg hung up. The channel is dead, so no variable is set.
 *   in    1 call id   2 DIALSTATUS   3 "1" if the agent's side ended first   4 Q.850 cause
 */
export async function incomingEnded(agi: AgiRequest, { db, clock, log }: AgiContext): Promise<void> {
  const cause = agi.argument(4)
  const end = {
    callId: agi.argument(1),
    uniqueId: agi.uniqueId,
    dialStatus: agi.argument(2),
    agentEnded: agi.argument(3) === '1',
    cause: /^\d{1,3}$/.test(cause) ? Number(cause) : 0,
  }
  const { tenantId } = await endIncoming(db, end, clock.moment())
  log.info({ tenantId, ...end }, 'incoming ended')
}
