import { Bucket } from '../../recordings/bucket.ts'
import { countRecordingsToMove } from '../server-status.ts'
import { fault, ok, type Finding } from './finding.ts'
import type { Server } from './server.ts'

/** If the server moves recordings to a bucket: checks that the bucket answers and that no recording waits. */
export async function checkBucket({ config, db, now }: Server): Promise<Finding[]> {
  if (config.bucket === null) return []
  const refused = await new Bucket(config.bucket).size('ramal-check').then(
    () => null,
    (error: unknown) => (error as Error).message,
  )
  if (refused !== null)
    return [
      fault(
        `the bucket does not work, so the recordings in it cannot be played: ${refused}`,
        'RAMAL_BUCKET_* must be right, and the same in ramal.env, web.env and worker.env: docs/bucket.md',
      ),
    ]
  const waiting = await countRecordingsToMove(db, now)
  const says = `${waiting} recordings have waited for more than an hour to be moved to the bucket`
  return waiting === 0
    ? [ok('the bucket answers, and no recording waits')]
    : [fault(says, 'journalctl -u ramal-worker shows the error; the firewall of your network must allow the connection: docs/bucket.md')]
}
