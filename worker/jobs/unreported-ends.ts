import { stat } from 'node:fs/promises'
import { reportGraceMs } from '../../domain/balance/lease-timing.ts'
import { findEndedByEventLog } from '../../domain/calls/reconcile/channel-event-log.ts'
import { findTalkingCalls, settleUnreportedCall, settleRecordedCall } from '../../domain/calls/reconcile/unreported-calls.ts'
import { rawRecordingFiles } from '../../domain/recordings/recordings.ts'
import type { Job } from '../loop.ts'
import { settlements } from '../metrics.ts'

/**
 * Settles calls that ended without a report, because the AGI server or the database was down at the hang-up. The end is known to the
 * second from Asterisk's event log, or, if the database was down and the log has a gap, from the mark that Asterisk leaves on
 * a recording when its call ends. (A pause leaves the same mark, so calls with a paused recording are skipped.)
 */
export const unreportedEnds: Job = {
  name: 'unreported ends',
  everyMs: 2000,
  async run({ db, config, clock, log }) {
    const now = clock.now()
    for (const callId of await findEndedByEventLog(db, new Date(now.getTime() - reportGraceMs))) {
      if (await settleUnreportedCall(db, callId, clock.moment())) {
        settlements.inc({ by: 'event-log' })
        log.warn({ callId }, 'call settled by the event log: no report')
      }
    }
    for (const { callId, part } of await findTalkingCalls(db)) {
      const finishedAt = await modifiedAt(rawRecordingFiles(config.monitorDir, callId, part).finished)
      if (finishedAt === null || now.getTime() - finishedAt.getTime() < reportGraceMs) continue
      if (await settleRecordedCall(db, callId, finishedAt, clock.moment())) {
        settlements.inc({ by: 'recording' })
        log.warn({ callId, finishedAt }, 'call settled by the recording: no report')
      }
    }
  },
}

async function modifiedAt(path: string): Promise<Date | null> {
  return stat(path).then(
    ({ mtime }) => mtime,
    () => null,
  )
}
