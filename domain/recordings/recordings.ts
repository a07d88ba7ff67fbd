import { join } from 'node:path'
import type { Database, Trx } from '../database/pool.ts'
import { inTransaction } from '../database/transaction.ts'
import { recordEvent } from '../events.ts'
import { measureParts, type RecordingPart } from './recording-lengths.ts'

/** The two raw files that MixMonitor writes for a part of a recording, and the marker file it leaves when done. */
export interface RawFiles {
  agent: string
  lead: string
  finished: string
}

/** Part 1 starts at the answer. */
export function rawRecordingFiles(monitorDir: string, callId: string, part = 1): RawFiles {
  const base = join(monitorDir, part === 1 ? callId : `${callId}-${part}`)
  return { agent: `${base}-agent.wav`, lead: `${base}-lead.wav`, finished: `${base}.finished` }
}

/** Starts another part, `startsAtMs` after the answer. Returns its number. The caller has locked the call. */
export async function beginPart(trx: Trx, callId: string, startsAtMs: number): Promise<number> {
  const last = await trx
    .selectFrom('recording_parts')
    .select('part')
    .where('call_id', '=', callId)
    .orderBy('part', 'desc')
    .executeTakeFirst()
  const part = (last?.part ?? 1) + 1
  await trx.insertInto('recording_parts').values({ call_id: callId, part, starts_at_ms: startsAtMs }).execute()
  return part
}

/**
 * Restarts the last part, which Asterisk never wrote: the part starts now and the pause before it ends now. Null if no part
 * exists. The caller has locked the call.
 */
export async function beginPartAgain(trx: Trx, callId: string, startsAtMs: number): Promise<number | null> {
  const last = await trx.selectFrom('recording_parts').selectAll().where('call_id', '=', callId).orderBy('part', 'desc').executeTakeFirst()
  if (!last) return null
  const pause = trx.updateTable('recording_pauses').set({ resumed_at_ms: startsAtMs }).where('call_id', '=', callId)
  await pause.where('resumed_at_ms', '=', last.starts_at_ms).execute()
  const part = trx.updateTable('recording_parts').set({ starts_at_ms: startsAtMs }).where('call_id', '=', callId)
  await part.where('part', '=', last.part).execute()
  return last.part
}

/** All parts of a recording, including the first, with their starts in the talk. */
export async function listParts(db: Database, callId: string): Promise<{ part: number; startsAtMs: number }[]> {
  const rows = await db.selectFrom('recording_parts').selectAll().where('call_id', '=', callId).orderBy('part').execute()
  return [{ part: 1, startsAtMs: 0 }, ...rows.map((row) => ({ part: row.part, startsAtMs: row.starts_at_ms }))]
}

/** The parts of an ended call's recording with their expected lengths. */
export async function listMeasuredParts(db: Database, { callId, talkMs }: PendingRecording): Promise<RecordingPart[]> {
  const pauses = await db.selectFrom('recording_pauses').select('paused_at_ms').where('call_id', '=', callId).execute()
  const pausedAtMs = pauses.map((pause) => pause.paused_at_ms)
  return measureParts(await listParts(db, callId), pausedAtMs, talkMs)
}

export interface PendingRecording {
  callId: string
  tenantId: number
  tenantSlug: string
  endedAt: Date
  requestedAt: Date
  talkMs: number
  /** The least length of the recording, if the call ended during a pause; 0 = as long as its files. */
  atLeastMs: number
}

/** Recordings of ended calls that the worker has not stored yet, oldest first. */
export async function listPendingRecordings(db: Database, limit = 50): Promise<PendingRecording[]> {
  const rows = await db
    .selectFrom('recordings')
    .innerJoin('calls', 'calls.id', 'recordings.call_id')
    .innerJoin('tenants', 'tenants.id', 'recordings.tenant_id')
    .leftJoin('recording_pauses', 'recording_pauses.open_call_id', 'recordings.call_id')
    .select([
      'recordings.call_id',
      'recordings.tenant_id',
      'tenants.slug',
      'calls.ended_at',
      'calls.requested_at',
      'calls.talk_seconds',
      'open_call_id',
    ])
    .where('recordings.state', '=', 'pending')
    .where('calls.ended_at', 'is not', null)
    .orderBy('recordings.created_at')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    callId: row.call_id,
    tenantId: row.tenant_id,
    tenantSlug: row.slug,
    endedAt: row.ended_at ?? row.requested_at,
    requestedAt: row.requested_at,
    talkMs: row.talk_seconds * 1000,
    atLeastMs: row.open_call_id === null ? 0 : row.talk_seconds * 1000,
  }))
}

export type FinishedRecording =
  /** `missingMs`: how much of the talk it lacks. Then its raw files are kept. */
  { state: 'ready'; path: string; bytes: number; durationMs: number; peaks?: Buffer; missingMs?: number } | { state: 'missing' | 'failed' }

/** Links a stored recording to its call, or marks it missing or failed. `path` is relative to the storage directory. */
export async function finishRecording(db: Database, callId: string, finished: FinishedRecording, now: Date): Promise<void> {
  await inTransaction(db, async (trx) => {
    const call = await trx
      .selectFrom('calls')
      .select(['id', 'tenant_id', 'agent_id', 'transferred_to_agent_id'])
      .where('id', '=', callId)
      .executeTakeFirstOrThrow()
    const values =
      finished.state === 'ready'
        ? {
            state: finished.state,
            path: finished.path,
            bytes: finished.bytes,
            duration_ms: finished.durationMs,
            peaks: finished.peaks ?? null,
            missing_ms: finished.missingMs || null,
            raw_kept: (finished.missingMs ?? 0) > 0,
            finished_at: now,
          }
        : { state: finished.state, raw_kept: finished.state === 'failed', finished_at: now }
    await trx.updateTable('recordings').set(values).where('call_id', '=', callId).where('state', '=', 'pending').execute()
    await recordEvent(trx, call, 'recording-ready', now)
  })
}

/** Stored recordings not yet moved to the bucket, oldest first. */
export async function listRecordingsOnDisk(db: Database, limit = 1000): Promise<{ callId: string; path: string }[]> {
  const rows = await db
    .selectFrom('recordings')
    .select(['call_id', 'path'])
    .where('state', '=', 'ready')
    .where('place', '=', 'disk')
    .orderBy('created_at')
    .limit(limit)
    .execute()
  return rows.flatMap(({ call_id, path }) => (path === null ? [] : [{ callId: call_id, path }]))
}

/** Marks a recording as moved to the bucket. False if it was deleted first. */
export async function markMoved(db: Database, callId: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('recordings')
    .set({ place: 'bucket' })
    .where('call_id', '=', callId)
    .where('state', '=', 'ready')
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** The loudness of a stored recording along its length, or null if it was not measured. */
export async function findPeaks(db: Database, tenantId: number, callId: string): Promise<Buffer | null> {
  const row = await db
    .selectFrom('recordings')
    .select('peaks')
    .where('tenant_id', '=', tenantId)
    .where('call_id', '=', callId)
    .executeTakeFirst()
  return row?.peaks ?? null
}
