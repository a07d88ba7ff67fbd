import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Bucket } from '../../domain/recordings/bucket.ts'
import { listRecordingsOnDisk, markMoved } from '../../domain/recordings/recordings.ts'
import type { Job } from '../loop.ts'

/**
 * Moves recordings from the disk to the bucket, if there is one, oldest first: copies, compares, updates the row, and only then deletes
 * the file. Until then the site plays it from the disk. An interrupted upload is repeated.
 */
export const uploadRecordings: Job = {
  name: 'upload recordings',
  everyMs: 10_000,
  async run({ db, config, log }) {
    if (config.bucket === null) return
    const bucket = new Bucket(config.bucket)
    for (const { callId, path } of await listRecordingsOnDisk(db)) {
      const file = join(config.storageDir, path)
      try {
        await bucket.put(path, file)
      } catch (error) {
        // A missing file must not stop the others.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
        log.error({ callId }, 'stored recording missing')
        continue
      }
      // The recording was deleted during the upload (retention or an erasure request): the copy goes as well.
      if (await markMoved(db, callId)) await rm(file)
      else await bucket.delete(path)
      log.info({ callId }, 'recording moved to the bucket')
    }
  },
}
