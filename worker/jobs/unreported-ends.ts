import { stat } from 'node:fs/promises'
import { reportGraceMs } from '../../domain/balance/lease-timing.ts'
import { findEndedByEventLog } from '../../domain/calls/reconcile/channel-event-log.ts'
import { findTalkingCalls, settleUnreportedCall, settleWitnessedCall } from '../../domain/calls/reconcile/unreported-calls.ts'
import { rawRecordingFiles } from '../../domain/recordings/recordings.ts'
import type { Job } from '../loop.ts'
import { settlements } from '../metrics.ts'

/**
 * Calls that are over though nobody said so, because the AGI server or the database was away at the hang-up. Two witnesses
 * say to the second what the report would have said: Asterisk's event log, and, when the database was away and that log has
 * a gap, the mark that Asterisk leaves on a recording in the moment its call ends. (It leaves one at a pause too: such a call is
 * not asked about.)
 */
export const unreportedEnds: Job = {
  name: 'witnesses',
  everyMs: 2000,
  async run({ db, config, clock, log }) {
    const now = clock.now()
    for (const callId of await findEndedByEventLog(db, new Date(now.getTime() - reportGraceMs))) {
      if (await settleUnreportedCall(db, callId, clock.moment())) {
        settlements.inc({ by: 'event-log' })
        log.warn({ callId }, 'the end of this call was not reported: settled by the event log')
      }
    }
    for (const { callId, part } of await findTalkingCalls(db)) {
      const finishedAt = await modifiedAt(rawRecordingFiles(config.monitorDir, callId, part).finished)
      if (finishedAt === null || now.getTime() - finishedAt.getTime() < reportGraceMs) continue
      if (await settleWitnessedCall(db, callId, finishedAt, clock.moment())) {
        settlements.inc({ by: 'recording' })
        log.warn({ callId, finishedAt }, 'the end of this call was not reported: settled by its recording')
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
