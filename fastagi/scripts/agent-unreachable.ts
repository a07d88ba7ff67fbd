import { markUnreachable } from '../../domain/calls/outgoing/agent-unreachable.ts'
import type { AgiRequest } from '../agi-request.ts'
import type { AgiContext } from '../context.ts'

/**
 * The agent did not answer the call file.
 *   in    1 call id   2 DIALSTATUS   3 Q.850 cause of the agent's leg
 */
export async function agentUnreachable(agi: AgiRequest, { db, clock, log }: AgiContext): Promise<void> {
  const callId = agi.argument(1)
  const end = { dialStatus: agi.argument(2), cause: Number(agi.argument(3)) || 0 }
  const { tenantId } = await markUnreachable(db, callId, end, clock.now())
  log.info({ tenantId, callId, uniqueId: agi.uniqueId, ...end }, 'agent unreachable')
}
