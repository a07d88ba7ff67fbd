import { writeHangupFile } from '../../domain/call-files.ts'
import { findOverdueCalls, markCutFromOutside, reportGraceMs, settleLostCall } from '../../domain/calls/lost.ts'
import type { Job } from '../loop.ts'

/**
 * Calls whose lease ran out. First the call is ended through Asterisk, in case it is still up and its ticks
 * stopped; its own report then settles it. When no report comes, it is settled here as lost.
 */
export const leases: Job = {
  name: 'leases',
  everyMs: 2000,
  async run({ db, config, clock, log }) {
    const now = clock.now()
    for (const { callId, channel, cut } of await findOverdueCalls(db, new Date(now.getTime() - tickSlackMs))) {
      if (cut || channel === null) continue
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

/** The tick ends a call at the second its lease runs out; only when it did not is this job's turn. */
const tickSlackMs = 3000
