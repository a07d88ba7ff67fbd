import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Bucket } from './bucket.ts'
import type { Config } from './config.ts'
import type { Database } from './database/pool.ts'
import { listParts, rawRecordingFiles } from './recordings.ts'

/** A recording of which there are files. */
export interface KeptRecording {
  callId: string
  /** Below the storage directory; null where the raw files could not be read, and lie where Asterisk left them. */
  path: string | null
  place: 'disk' | 'bucket'
}

const dayMs = 24 * 3_600_000

/** Calls answered before this have had their recordings for long enough. */
export function keptSince(days: number, now: Date): Date {
  return new Date(now.getTime() - days * dayMs)
}

/** A company's recordings from before `since`, oldest first. */
export async function listRecordingsBefore(db: Database, tenantId: number, since: Date, limit: number): Promise<KeptRecording[]> {
  return oldRecordings(db, tenantId, since).select(['call_id as callId', 'path', 'place']).orderBy('created_at').limit(limit).execute()
}

export async function countRecordingsBefore(db: Database, tenantId: number, since: Date): Promise<number> {
  const row = await oldRecordings(db, tenantId, since).select(db.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
  return row.count
}

/** The recordings of which there are files, but for those that are not stored yet. */
const keptStates = ['ready', 'failed'] as const

function oldRecordings(db: Database, tenantId: number, since: Date) {
  return keptRecordings(db).where('tenant_id', '=', tenantId).where('created_at', '<', since)
}

export function keptRecordings(db: Database) {
  return db.selectFrom('recordings').where('state', 'in', keptStates)
}

/** Where files of recordings may be. */
export type Places = Pick<Config, 'storageDir' | 'monitorDir' | 'bucket'>

/**
 * Deletes the files of a recording, and then says so in its row: cut short, it is done again. False when it was moved to the bucket
 * meanwhile, and is still there.
 */
export async function deleteRecording(
  db: Database,
  { storageDir, monitorDir, bucket }: Places,
  { callId, path, place }: KeptRecording,
  now: Date,
): Promise<boolean> {
  const parts = path === null ? await listParts(db, callId) : []
  const raw = parts.flatMap(({ part }) => Object.values(rawRecordingFiles(monitorDir, callId, part)) as string[])
  for (const file of path === null ? raw : [join(storageDir, path)]) await rm(file, { force: true })
  if (path !== null && place === 'bucket') {
    if (bucket === null) throw new Error(`the recording of ${callId} is in a bucket, and RAMAL_BUCKET_URL is not set`)
    await new Bucket(bucket).delete(path)
  }
  const { numUpdatedRows } = await db
    .updateTable('recordings')
    .set({ state: 'deleted', path: null, bytes: null, duration_ms: null, peaks: null, deleted_at: now })
    .where('call_id', '=', callId)
    .where('state', 'in', keptStates)
    .where('place', '=', place)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}
