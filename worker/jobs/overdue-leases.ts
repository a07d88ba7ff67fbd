import { headStartMs, reportGraceMs } from '../../domain/balance/lease-timing.ts'
import { earlier } from '../../domain/runtime/clock.ts'
import { writeHangupFile } from '../../domain/telephony/call-files.ts'
import { findOverdueCalls, markCutFromOutside, settleLostCall } from '../../domain/calls/reconcile/unreported-calls.ts'
import type { Job } from '../loop.ts'
import { settlements } from '../metrics.ts'

/**
 * Calls whose lease runs out. First the call is ended through Asterisk, in case it is still up and its ticks
 * stopped; its own report then settles it. When no report comes, it is settled here as lost.
 */
export const overdueLeases: Job = {
  name: 'leases',
  everyMs: 500,
  async run({ db, config, clock, log }) {
    const now = clock.now()
    for (const { callId, channel, uniqueId, cutAt } of await findOverdueCalls(db, earlier(clock.moment(), -headStartMs))) {
      const told = cutAt !== null && Math.abs(now.getTime() - cutAt.getTime()) < tellAgainMs
      if (told || channel === null || uniqueId === null) continue
      // In this order: the report of the end comes at once, and asks who ended the call.
      const cut = await markCutFromOutside(db, callId, headStartMs, clock.moment())
      if (cut === null) continue
      const { reason, mayGoOn } = cut
      // Asterisk may have stood still: it asks once more before it ends a call that may go on.
      await writeHangupFile(config.spoolDir, callId, { channel, uniqueId }, { mayGoOn })
      log.warn({ callId, channel, reason }, 'the lease ran out: ending the call')
    }
    for (const { callId } of await findOverdueCalls(db, earlier(clock.moment(), reportGraceMs))) {
      if (await settleLostCall(db, callId, clock.moment())) {
        settlements.inc({ by: 'lease' })
        log.warn({ callId }, 'nobody reported the end of this call: settled as lost')
      }
    }
  },
}

const tellAgainMs = 5000
