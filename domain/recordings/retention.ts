import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Bucket } from './bucket.ts'
import type { Config } from '../runtime/config.ts'
import type { Database } from '../database/pool.ts'
import { listParts, rawRecordingFiles } from './recordings.ts'

/** A recording that has files. */
export interface KeptRecording {
  callId: string
  /** Below the storage directory; null if the raw files were unreadable. */
  path: string | null
  place: 'disk' | 'bucket'
}

const dayMs = 24 * 3_600_000

/** The retention limit: recordings of calls answered before this may be deleted. */
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

/** The recordings that have files, except those not stored yet. */
const keptStates = ['ready', 'failed'] as const

function oldRecordings(db: Database, tenantId: number, since: Date) {
  return keptRecordings(db).where('tenant_id', '=', tenantId).where('created_at', '<', since)
}

export function keptRecordings(db: Database) {
  return db.selectFrom('recordings').where('state', 'in', keptStates)
}

/** The directories and the bucket that may hold recording files. */
export type Places = Pick<Config, 'storageDir' | 'monitorDir' | 'bucket'>

/**
 * Deletes the files of a recording, then marks its row. An interrupted run repeats both. False if the recording was moved to the
 * bucket first, and is still there.
 */
export async function deleteRecording(
  db: Database,
  { storageDir, monitorDir, bucket }: Places,
  { callId, path, place }: KeptRecording,
  now: Date,
): Promise<boolean> {
  await deleteRawFiles(db, monitorDir, callId)
  if (path !== null) await rm(join(storageDir, path), { force: true })
  if (path !== null && place === 'bucket') {
    if (bucket === null) throw new Error(`the recording of ${callId} is in a bucket, and RAMAL_BUCKET_URL is not set`)
    await new Bucket(bucket).delete(path)
  }
  const { numUpdatedRows } = await db
    .updateTable('recordings')
    .set({ state: 'deleted', path: null, bytes: null, duration_ms: null, peaks: null, missing_ms: null, raw_kept: false, deleted_at: now })
    .where('call_id', '=', callId)
    .where('state', 'in', keptStates)
    .where('place', '=', place)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** How long the raw files of an incomplete or unreadable recording are kept for inspection. */
export const rawKeptDays = 30

/** Recordings whose raw files were kept, and since when. Oldest first. */
export async function listKeptRaw(db: Database): Promise<(KeptRecording & { since: Date })[]> {
  const rows = await keptRecordings(db)
    .select(['call_id as callId', 'path', 'place', 'finished_at', 'created_at'])
    .where('raw_kept', '=', true)
    .orderBy('finished_at')
    .execute()
  return rows.map(({ finished_at, created_at, ...recording }) => ({ ...recording, since: finished_at ?? created_at }))
}

/** The raw files that Asterisk left for a call. */
export async function listRawFiles(db: Database, monitorDir: string, callId: string): Promise<string[]> {
  const parts = await listParts(db, callId)
  return parts.flatMap(({ part }) => Object.values(rawRecordingFiles(monitorDir, callId, part)) as string[])
}

async function deleteRawFiles(db: Database, monitorDir: string, callId: string): Promise<void> {
  for (const file of await listRawFiles(db, monitorDir, callId)) await rm(file, { force: true })
}

/** Deletes raw files whose time is over. An unreadable recording has no other file, so it becomes a deleted recording. */
export async function giveUpRaw(db: Database, places: Places, recording: KeptRecording, now: Date): Promise<void> {
  if (recording.path === null) return void (await deleteRecording(db, places, recording, now))
  await deleteRawFiles(db, places.monitorDir, recording.callId)
  await db.updateTable('recordings').set({ raw_kept: false }).where('call_id', '=', recording.callId).execute()
}
