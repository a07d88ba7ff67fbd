import type { Database } from '../../database/pool.ts'
import { workableCalls, type Viewer } from './visibility.ts'

/** Where a recording is. `path` is below the storage directory, or in the bucket. */
export interface StoredRecording {
  path: string
  place: 'disk' | 'bucket'
}

/** Null if there is no stored recording, or the viewer may not hear it. */
export async function findRecording(db: Database, viewer: Viewer, callId: string): Promise<StoredRecording | null> {
  const row = await workableCalls(db, viewer)
    .innerJoin('recordings', 'recordings.call_id', 'calls.id')
    .select(['recordings.path', 'recordings.place'])
    .where('recordings.tenant_id', '=', viewer.tenantId)
    .where('recordings.call_id', '=', callId)
    .where('recordings.state', '=', 'ready')
    .executeTakeFirst()
  if (!row || row.path === null) return null
  return { path: row.path, place: row.place }
}
