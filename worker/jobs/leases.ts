import { writeHangupFile } from '../../domain/call-files.ts'
import { findOverdueCalls, markCutFromOutside, reportGraceMs, settleLostCall } from '../../domain/calls/lost.ts'
import type { Job } from '../loop.ts'

/**
 * Calls whose lease runs out. First the call is ended through Asterisk, in case it is still up and its ticks
 * stopped; its own report then settles it. When no report comes, it is settled here as lost.
 */
export const leases: Job = {
  name: 'leases',
  everyMs: 500,
  async run({ db, config, clock, log }) {
    const now = clock.now()
    for (const { callId, channel, cutAt } of await findOverdueCalls(db, new Date(now.getTime() + headStartMs))) {
      const told = cutAt !== null && now.getTime() - cutAt.getTime() < tellAgainMs
      if (told || channel === null) continue
      await writeHangupFile(config.spoolDir, callId, channel)
      await markCutFromOutside(db, callId, now)
      log.warn({ callId, channel }, 'the lease ran out: ending the call')
    }
    for (const { callId } of await findOverdueCalls(db, new Date(now.getTime() - reportGraceMs))) {
      await settleLostCall(db, callId, now)
      log.warn({ callId }, 'nobody reported the end of this call: settled as lost')
    }
  },
}

/** A call ends before what it holds runs out. Its tick does that a second early; when it did not, this is the last moment. */
const headStartMs = 800
const tellAgainMs = 5000
