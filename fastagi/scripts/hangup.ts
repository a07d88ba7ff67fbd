import { endCall } from '../../domain/calls/end.ts'
import type { AgiRequest } from '../agi-request.ts'
import type { AgiContext } from '../context.ts'

/**
 * The agent's leg hung up. The channel is dead, so no variable is set.
 *   in    1 call id   2 DIALSTATUS   3 SIP code of the lead's leg   4 its Q.850 cause
 *         5 "1" if the lead's side ended first   6 Q.850 cause of the agent's leg
 */
export async function hangup(agi: AgiRequest, { db, clock, log }: AgiContext): Promise<void> {
  const end = {
    callId: agi.argument(1),
    uniqueId: agi.uniqueId,
    dialStatus: agi.argument(2),
    sipCode: code(agi.argument(3)),
    q850: code(agi.argument(4)),
    leadEnded: agi.argument(5) === '1',
    agentCause: code(agi.argument(6)),
  }
  const { tenantId } = await endCall(db, end, clock.moment())
  log.info({ tenantId, ...end }, 'hangup')
}

/** SIP codes and Q.850 causes have at most three digits; 0 for any other text. */
function code(text: string): number {
  return /^\d{1,3}$/.test(text) ? Number(text) : 0
}
