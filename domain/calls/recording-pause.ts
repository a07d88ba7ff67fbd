import type { Moment } from '../runtime/clock.ts'
import type { Database, Trx } from '../database/pool.ts'
import { inTransaction } from '../database/transaction.ts'
import { recordEvent } from '../events.ts'
import { beginPart, beginPartAgain } from '../recordings/recordings.ts'
import { lockReportedCall } from './call.ts'
import { talkMs } from './talk-time.ts'

/** A stretch of a talk that is not in its recording, in ms from the answer; null = until the call ended. */
export interface RecordingPause {
  pausedAtMs: number
  resumedAtMs: number | null
}

export async function listRecordingPauses(db: Database, tenantId: number, callId: string): Promise<RecordingPause[]> {
  const rows = await db
    .selectFrom('recording_pauses')
    .select(['paused_at_ms', 'resumed_at_ms'])
    .where('tenant_id', '=', tenantId)
    .where('call_id', '=', callId)
    .orderBy('paused_at_ms')
    .execute()
  return rows.map((row) => ({ pausedAtMs: row.paused_at_ms, resumedAtMs: row.resumed_at_ms }))
}

/**
 * The agent pauses the recording. False if there is nothing to pause: no talk, no recording, or paused already. The dialplan stops
 * recording only after this reply, and the page shows "paused" only once it is stored.
 */
export async function pauseRecording(
  db: Database,
  callId: string,
  at: Moment,
  { signal }: { signal?: AbortSignal } = {},
): Promise<{ paused: boolean; tenantId: number | null }> {
  const work = async (trx: Trx) => {
    const locked = await lockReportedCall(trx, callId)
    const tenantId = locked?.tenant.id ?? null
    if (locked?.call.state !== 'answered' || !(await isRecorded(trx, callId))) return { paused: false, tenantId }
    const { call } = locked
    const result = await trx
      .insertInto('recording_pauses')
      .ignore()
      .values({ tenant_id: call.tenant_id, call_id: callId, open_call_id: callId, paused_at_ms: Math.round(talkMs(call, at)) })
      .executeTakeFirstOrThrow()
    if (result.numInsertedOrUpdatedRows !== 1n) return { paused: false, tenantId }
    await recordEvent(trx, call, 'recording-paused', at.now)
    return { paused: true, tenantId }
  }
  return inTransaction(db, work, signal)
}

/**
 * The agent resumes the recording. It continues in the returned part; null if it was not paused, or the call has ended. `again`: the
 * dialplan repeats a request whose reply it did not receive, and gets the part that was stored then.
 */
export async function resumeRecording(
  db: Database,
  callId: string,
  at: Moment,
  { again = false, signal }: { again?: boolean; signal?: AbortSignal } = {},
): Promise<{ part: number | null; tenantId: number | null }> {
  const work = async (trx: Trx) => {
    const locked = await lockReportedCall(trx, callId)
    const tenantId = locked?.tenant.id ?? null
    if (locked?.call.state !== 'answered') return { part: null, tenantId }
    const { call } = locked
    const resumedAtMs = Math.round(talkMs(call, at))
    const result = await trx
      .updateTable('recording_pauses')
      .set({ open_call_id: null, resumed_at_ms: resumedAtMs })
      .where('open_call_id', '=', callId)
      .executeTakeFirst()
    if (result.numUpdatedRows !== 1n) return { part: again ? await beginPartAgain(trx, callId, resumedAtMs) : null, tenantId }
    const part = await beginPart(trx, callId, resumedAtMs)
    await recordEvent(trx, call, 'recording-resumed', at.now)
    return { part, tenantId }
  }
  return inTransaction(db, work, signal)
}

async function isRecorded(trx: Trx, callId: string): Promise<boolean> {
  const recording = await trx.selectFrom('recordings').select('call_id').where('call_id', '=', callId).executeTakeFirst()
  return recording !== undefined
}
