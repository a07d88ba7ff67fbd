import { headStartMs, reportGraceMs } from '../../domain/balance/lease-timing.ts'
import { earlier } from '../../domain/runtime/clock.ts'
import { writeHangupFile } from '../../domain/telephony/call-files.ts'
import { findOverdueCalls, markCutFromOutside, settleLostCall } from '../../domain/calls/reconcile/unreported-calls.ts'
import type { Job } from '../loop.ts'
import { settlements } from '../metrics.ts'

/**
 * Ends calls whose lease runs out. First Asterisk hangs up the call, which may be up without ticks, and its report settles it.
 * Without a report, this job settles the call as lost.
 */
export const overdueLeases: Job = {
  name: 'overdue leases',
  everyMs: 500,
  async run({ db, config, clock, log }) {
    const now = clock.now()
    for (const { callId, channel, uniqueId, cutAt } of await findOverdueCalls(db, earlier(clock.moment(), -headStartMs))) {
      const ordered = cutAt !== null && Math.abs(now.getTime() - cutAt.getTime()) < orderAgainMs
      if (ordered || channel === null || uniqueId === null) continue
      // In this order: the report of the end comes at once, and needs the reason.
      const cut = await markCutFromOutside(db, callId, headStartMs, clock.moment())
      if (cut === null) continue
      const { reason, mayGoOn } = cut
      // Asterisk may have been stopped: it asks once more before it ends a call that may go on.
      await writeHangupFile(config.spoolDir, callId, { channel, uniqueId }, { mayGoOn })
      log.warn({ callId, channel, reason }, 'lease expired: ending the call')
    }
    for (const { callId } of await findOverdueCalls(db, earlier(clock.moment(), reportGraceMs))) {
      if (await settleLostCall(db, callId, clock.moment())) {
        settlements.inc({ by: 'lease' })
        log.warn({ callId }, 'call settled as lost: no report')
      }
    }
  },
}

const orderAgainMs = 5000
