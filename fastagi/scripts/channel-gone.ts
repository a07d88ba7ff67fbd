import { settleUnreportedCall } from '../../domain/calls/reconcile/unreported-calls.ts'
import type { AgiRequest } from '../agi-request.ts'
import type { AgiContext } from '../context.ts'

/**
 * The worker asked about a silent call, and Asterisk does not have its channel any more.
 *   in    1 call id
 */
export async function channelGone(agi: AgiRequest, { db, clock, log }: AgiContext): Promise<void> {
  const callId = agi.argument(1)
  if (await settleUnreportedCall(db, callId, clock.moment())) log.warn({ callId }, 'call settled: channel gone')
}
