import { deleteRecording, giveUpRaw, keptSince, listKeptRaw, listRecordingsBefore, rawKeptDays } from '../../domain/recordings/retention.ts'
import { listTenants } from '../../domain/tenants/tenants.ts'
import type { JobContext } from '../context.ts'
import type { Job } from '../loop.ts'

/** How many files are deleted at a time: a tenant that has just shortened its retention may have a hundred thousand. */
const batch = 500

/** Deletes recordings older than their tenant's retention. A failure of one tenant does not stop the others. */
export const deleteOldRecordings: Job = {
  name: 'delete old recordings',
  everyMs: 10 * 60_000,
  async run(context) {
    const failures: unknown[] = []
    for (const { id, recording_days: days } of await listTenants(context.db)) {
      if (days !== null) await deleteOld(context, id, days).catch((error: unknown) => failures.push(error))
    }
    await deleteOldRaw(context).catch((error: unknown) => failures.push(error))
    if (failures.length > 0) throw failures.length === 1 ? failures[0] : new AggregateError(failures, 'recordings could not be deleted')
  },
}

async function deleteOld({ db, config, clock, log }: JobContext, tenantId: number, days: number): Promise<void> {
  const since = keptSince(days, clock.now())
  let deleted = 0
  try {
    for (;;) {
      const old = await listRecordingsBefore(db, tenantId, since, batch)
      for (const recording of old) if (await deleteRecording(db, config, recording, clock.now())) deleted++
      if (old.length < batch) return
    }
  } finally {
    if (deleted > 0) log.info({ tenantId, deleted, days }, 'old recordings deleted')
  }
}

/** Deletes raw files that were kept because part of the talk is missing: they must not fill the disk. */
async function deleteOldRaw({ db, config, clock, log }: JobContext): Promise<void> {
  const now = clock.now()
  const since = keptSince(rawKeptDays, now)
  const old = (await listKeptRaw(db)).filter((recording) => recording.since < since)
  for (const recording of old) await giveUpRaw(db, config, recording, now)
  if (old.length > 0) log.info({ deleted: old.length, days: rawKeptDays }, 'old raw files deleted')
}
