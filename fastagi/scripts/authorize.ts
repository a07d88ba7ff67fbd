import { authorizeCall, type Authorization } from '../../domain/calls/outgoing/authorize.ts'
import type { AgiRequest } from '../agi-request.ts'
import type { AgiContext } from '../context.ts'
import { percentDecode } from '../percent-decode.ts'

/**
 * May this phone make this call?
 *   in    1 call id, empty for a number dialled on the phone   2 what was dialled, percent-encoded
 *   out   RAMAL_VERDICT and, on `allowed`, the variables of [outbound]; otherwise RAMAL_UNSAID: 1 if no prompt says why
 * The channel's endpoint identifies the phone, never an argument.
 */
export async function authorize(agi: AgiRequest, { db, clock, log, signal }: AgiContext & { signal: AbortSignal }): Promise<void> {
  const { channel, uniqueId, endpoint } = agi
  const request = { callId: agi.argument(1), dialled: percentDecode(agi.argument(2)), endpoint, channel, uniqueId }
  const answer = await authorizeCall(db, request, clock.moment(), { signal })
  log.info({ tenantId: answer.tenantId, callId: answer.callId || request.callId, uniqueId, endpoint, verdict: answer.verdict }, 'authorize')
  await agi.setVariables(variables(answer))
}

/** The verdict comes last: an interrupted session leaves no `allowed` without its other variables. */
function variables(answer: Authorization): Record<string, string | number> {
  const call = answer.callId === '' ? {} : { RAMAL_CALL: answer.callId }
  if (answer.verdict !== 'allowed') return { ...call, RAMAL_UNSAID: answer.unsaid ? 1 : 0, RAMAL_VERDICT: answer.verdict }
  return {
    ...call,
    RAMAL_TRUNKS: answer.attempts.map(({ trunk, number, callerId }) => `${trunk}/${number}/${callerId}`).join(':'),
    RAMAL_RING_SECONDS: answer.ringSeconds,
    RAMAL_LIMIT_MS: answer.limitMs,
    RAMAL_RECORDING: answer.recordingName,
    RAMAL_GROUP: answer.group,
    RAMAL_GROUP_CAP: answer.groupCap,
    RAMAL_VERDICT: answer.verdict,
  }
}
