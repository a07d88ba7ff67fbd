import { deleteRecording, keptSince, listRecordingsBefore } from '../../domain/retention.ts'
import { listTenants } from '../../domain/tenants.ts'
import type { Job } from '../loop.ts'

/** So many files are deleted at a time; a company that has just shortened the time may have a hundred thousand. */
const batch = 500

/** Recordings that their company has had for as long as it wants them. */
export const retention: Job = {
  name: 'retention',
  everyMs: 10 * 60_000,
  async run({ db, config, clock, log }) {
    for (const { id, recording_days } of await listTenants(db)) {
      if (recording_days === null) continue
      const since = keptSince(recording_days, clock.now())
      let deleted = 0
      for (;;) {
        const old = await listRecordingsBefore(db, id, since, batch)
        for (const recording of old) if (await deleteRecording(db, config, recording, clock.now())) deleted++
        if (old.length < batch) break
      }
      if (deleted > 0) log.info({ tenantId: id, deleted, days: recording_days }, 'recordings deleted after their time')
    }
  },
}
