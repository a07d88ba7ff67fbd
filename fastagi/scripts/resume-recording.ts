import { resumeRecording as resume } from '../../domain/calls/recording-pause.ts'
import type { AgiRequest } from '../agi-request.ts'
import type { AgiContext } from '../context.ts'

/**
 * The agent pressed the keys that resume the recording.
 *   in    1 call id   2 `again` if the dialplan got no reply to the request before
 *   out   RAMAL_VERDICT: `allowed`, then RAMAL_PART: the number of the files to write now; or `already-used` if it was not paused
 */
export async function resumeRecording(agi: AgiRequest, { db, clock, log, signal }: AgiContext & { signal: AbortSignal }): Promise<void> {
  const callId = agi.argument(1)
  const { part, tenantId } = await resume(db, callId, clock.moment(), { again: agi.argument(2) === 'again', signal })
  log.info({ tenantId, callId, uniqueId: agi.uniqueId, part }, 'recording resumed')
  await agi.setVariables(part === null ? { RAMAL_VERDICT: 'already-used' } : { RAMAL_PART: part, RAMAL_VERDICT: 'allowed' })
}
