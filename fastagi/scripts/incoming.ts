import { receiveCall, type Incoming } from '../../domain/calls/incoming/receive.ts'
import { readCalledNumber } from '../../domain/telephony/called-number.ts'
import type { AgiRequest } from '../agi-request.ts'
import type { AgiContext } from '../context.ts'
import { percentDecode } from '../percent-decode.ts'

/**
 * A carrier delivers a call: which tenant does it belong to, and which phones ring?
 *   in    1 URI with the called number   2 calling number, empty for a hidden one; both percent-encoded
 *   out   RAMAL_VERDICT and, on `ring`, the variables of [incoming]
 * The channel's endpoint identifies the trunk, never an argument.
 */
export async function incoming(agi: AgiRequest, { db, clock, log, signal }: AgiContext & { signal: AbortSignal }): Promise<void> {
  const { channel, uniqueId, endpoint } = agi
  const dialled = readCalledNumber(percentDecode(agi.argument(1)))
  const request = { dialled, caller: percentDecode(agi.argument(2)), endpoint, channel, uniqueId }
  const answer = await receiveCall(db, request, clock.now(), { signal })
  log.info({ tenantId: answer.tenantId, callId: answer.callId, uniqueId, endpoint, verdict: answer.verdict }, 'incoming')
  await agi.setVariables(variables(answer))
}

/** The verdict comes last: an interrupted session leaves no `ring` without its other variables. */
function variables(answer: Incoming): Record<string, string | number> {
  if (!('locale' in answer)) return { RAMAL_VERDICT: answer.verdict }
  const call = { RAMAL_CALL: answer.callId, RAMAL_LANGUAGE: answer.locale.replace('-', '_') }
  if (answer.verdict !== 'ring') return { ...call, RAMAL_VERDICT: answer.verdict }
  return {
    ...call,
    RAMAL_STAGE: answer.stage,
    RAMAL_RING: answer.endpoints.join(':'),
    RAMAL_RING_SECONDS: answer.seconds,
    RAMAL_CALLERID: answer.callerId,
    RAMAL_LIMIT_MS: answer.limitMs,
    RAMAL_RECORDING: answer.recordingName,
    RAMAL_GROUP: answer.group,
    RAMAL_GROUP_CAP: answer.groupCap,
    RAMAL_VERDICT: answer.verdict,
  }
}
