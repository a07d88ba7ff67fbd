import { beginTransfer } from '../../domain/calls/transfers/transfer-steps.ts'
import type { AgiRequest } from '../agi-request.ts'
import type { AgiContext } from '../context.ts'

/**
 * An agent transfers a call: may Asterisk separate the lead's leg now?
 *   in    1 call id
 *   out   RAMAL_VERDICT: `allowed`, then RAMAL_KIND (`blind`, `attended`), RAMAL_AGENT_CHANNEL and RAMAL_LEFT_SECONDS; or `already-used` if there
 *         is no transfer to begin
 */
export async function transferBegin(agi: AgiRequest, { db, clock, log, signal }: AgiContext & { signal: AbortSignal }): Promise<void> {
  const callId = agi.argument(1)
  const { begun, tenantId } = await beginTransfer(db, callId, clock.moment(), { signal })
  log.info({ tenantId, callId, uniqueId: agi.uniqueId, begun }, 'transfer began')
  if (!begun) return agi.setVariables({ RAMAL_VERDICT: 'already-used' })
  await agi.setVariables({
    RAMAL_KIND: begun.kind,
    RAMAL_AGENT_CHANNEL: begun.agentChannel,
    RAMAL_LEFT_SECONDS: begun.leftSeconds,
    RAMAL_VERDICT: 'allowed',
  })
}
