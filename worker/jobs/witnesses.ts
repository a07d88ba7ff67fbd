import { stat } from 'node:fs/promises'
import { findTalkingCalls, settleWitnessedCall } from '../../domain/calls/lost.ts'
import { rawRecordingFiles } from '../../domain/recordings.ts'
import type { Job } from '../loop.ts'

/**
 * Calls that are over though nobody said so, because the AGI server or the database was away at the hang-up. Asterisk
 * marks a recording as finished in the moment its call ends: that mark is to the second what the report would have said.
 */
export const witnesses: Job = {
  name: 'witnesses',
  everyMs: 2000,
  async run({ db, config, clock, log }) {
    const now = clock.now()
    for (const callId of await findTalkingCalls(db)) {
      const finishedAt = await modifiedAt(rawRecordingFiles(config.monitorDir, callId).finished)
      if (finishedAt === null || now.getTime() - finishedAt.getTime() < reportGraceMs) continue
      await settleWitnessedCall(db, callId, finishedAt, now)
      log.warn({ callId, finishedAt }, 'the end of this call was not reported: settled by its recording')
    }
  },
}

/** The report takes milliseconds; an AGI server that is being restarted under load, its deadline. */
const reportGraceMs = 5000

async function modifiedAt(path: string): Promise<Date | null> {
  return stat(path).then(
    ({ mtime }) => mtime,
    () => null,
  )
}
