import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Bucket } from '../../domain/recordings/bucket.ts'
import { listRecordingsOnDisk, markMoved } from '../../domain/recordings/recordings.ts'
import type { Job } from '../loop.ts'

/**
 * Recordings go from the disk to the bucket, where there is one, oldest first: copied, compared, noted in their row, and only then deleted
 * here. Until that they are played from the disk; cut short, it is done again.
 */
export const uploadRecordings: Job = {
  name: 'moving',
  everyMs: 10_000,
  async run({ db, config, log }) {
    if (config.bucket === null) return
    const bucket = new Bucket(config.bucket)
    for (const { callId, path } of await listRecordingsOnDisk(db)) {
      const file = join(config.storageDir, path)
      try {
        await bucket.put(path, file)
      } catch (error) {
        // A file that is lost keeps none of the others here.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
        log.error({ callId }, 'a stored recording is not there')
        continue
      }
      // Deleted meanwhile (its time was over, or somebody asked to be forgotten): the copy goes as well.
      if (await markMoved(db, callId)) await rm(file)
      else await bucket.delete(path)
      log.info({ callId }, 'recording moved to the bucket')
    }
  },
}
