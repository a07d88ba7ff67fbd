import { Bucket } from '../../recordings/bucket.ts'
import { countRecordingsToMove } from '../server-status.ts'
import { fault, ok, type Finding } from './finding.ts'
import type { Server } from './server.ts'

/** If recordings move to a bucket: checks that it answers and that recordings arrive. */
export async function askBucket({ config, db, now }: Server): Promise<Finding[]> {
  if (config.bucket === null) return []
  const refused = await new Bucket(config.bucket).size('ramal-check').then(
    () => null,
    (error: unknown) => (error as Error).message,
  )
  if (refused !== null)
    return [fault(`the bucket cannot be used: ${refused}`, 'RAMAL_BUCKET_* in ramal.env, web.env and worker.env: docs/bucket.md')]
  const waiting = await countRecordingsToMove(db, now)
  const says = `${waiting} recordings have waited for more than an hour to be moved to the bucket`
  return waiting === 0
    ? [ok('the bucket answers, and recordings go there')]
    : [fault(says, 'journalctl -u ramal-worker; may it leave this machine? docs/bucket.md')]
}
