import { pauseRecording as pause } from '../../domain/calls/recording-pause.ts'
import type { AgiRequest } from '../agi-request.ts'
import type { AgiContext } from '../context.ts'

/**
 * The agent pressed the keys that pause the recording.
 *   in    1 call id
 *   out   RAMAL_VERDICT: `allowed`, or `already-used` if there is nothing to pause
 */
export async function pauseRecording(agi: AgiRequest, { db, clock, log, signal }: AgiContext & { signal: AbortSignal }): Promise<void> {
  const callId = agi.argument(1)
  const { paused, tenantId } = await pause(db, callId, clock.moment(), { signal })
  log.info({ tenantId, callId, uniqueId: agi.uniqueId, paused }, 'recording paused')
  await agi.setVariables({ RAMAL_VERDICT: paused ? 'allowed' : 'already-used' })
}
