import { join } from 'node:path'
import type { Database } from './database/pool.ts'
import { inTransaction } from './database/transaction.ts'
import { recordEvent } from './events.ts'
import type { Viewer } from './calls/history.ts'

/** The two raw files that MixMonitor writes, and the mark that it has finished. */
export function rawRecordingFiles(monitorDir: string, callId: string): { agent: string; lead: string; finished: string } {
  const base = join(monitorDir, callId)
  return { agent: `${base}-agent.wav`, lead: `${base}-lead.wav`, finished: `${base}.finished` }
}

export interface PendingRecording {
  callId: string
  tenantSlug: string
  endedAt: Date
  requestedAt: Date
}

/** Recordings of calls that have ended and that the worker has not stored yet, oldest first. */
export async function listPendingRecordings(db: Database, limit = 50): Promise<PendingRecording[]> {
  const rows = await db
    .selectFrom('recordings')
    .innerJoin('calls', 'calls.id', 'recordings.call_id')
    .innerJoin('tenants', 'tenants.id', 'recordings.tenant_id')
    .select(['recordings.call_id', 'tenants.slug', 'calls.ended_at', 'calls.requested_at'])
    .where('recordings.state', '=', 'pending')
    .where('calls.ended_at', 'is not', null)
    .orderBy('recordings.created_at')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    callId: row.call_id,
    tenantSlug: row.slug,
    endedAt: row.ended_at ?? row.requested_at,
    requestedAt: row.requested_at,
  }))
}

export type FinishedRecording = { state: 'ready'; path: string; bytes: number; durationMs: number } | { state: 'missing' | 'failed' }

/** Links a stored recording to its call, or says that there is none. `path` is relative to the storage directory. */
export async function finishRecording(db: Database, callId: string, finished: FinishedRecording, now: Date): Promise<void> {
  await inTransaction(db, async (trx) => {
    const call = await trx.selectFrom('calls').select(['id', 'tenant_id', 'agent_id']).where('id', '=', callId).executeTakeFirstOrThrow()
    const values =
      finished.state === 'ready'
        ? { state: finished.state, path: finished.path, bytes: finished.bytes, duration_ms: finished.durationMs, finished_at: now }
        : { state: finished.state, finished_at: now }
    await trx.updateTable('recordings').set(values).where('call_id', '=', callId).where('state', '=', 'pending').execute()
    await recordEvent(trx, call, 'recording-ready', now)
  })
}

/** Path of a recording below the storage directory, for somebody who may see the call; null for everybody else. */
export async function findRecordingPath(db: Database, viewer: Viewer, callId: string): Promise<string | null> {
  let query = db
    .selectFrom('recordings')
    .innerJoin('calls', 'calls.id', 'recordings.call_id')
    .select('recordings.path')
    .where('recordings.tenant_id', '=', viewer.tenantId)
    .where('recordings.call_id', '=', callId)
    .where('recordings.state', '=', 'ready')
  if (viewer.onlyAgentId !== null) query = query.where('calls.agent_id', '=', viewer.onlyAgentId)
  return (await query.executeTakeFirst())?.path ?? null
}
