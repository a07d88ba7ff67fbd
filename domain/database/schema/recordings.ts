import type { Generated } from 'kysely'
import type { Defaulted } from './columns.ts'

export type RecordingState = 'pending' | 'ready' | 'missing' | 'failed' | 'deleted'

export interface RecordingsTable {
  call_id: string
  tenant_id: number
  state: Defaulted<RecordingState>
  path: Defaulted<string | null>
  place: Defaulted<'disk' | 'bucket'>
  bytes: Defaulted<number | null>
  duration_ms: Defaulted<number | null>
  peaks: Defaulted<Buffer | null>
  /** What it lacks of the talk; null = nothing. */
  missing_ms: Defaulted<number | null>
  raw_kept: Defaulted<boolean>
  created_at: Date
  finished_at: Defaulted<Date | null>
  deleted_at: Defaulted<Date | null>
}

/** Milliseconds of the talk. `resumed_at_ms` is null while the pause lasts, and for good when the call ended in it. */
export interface RecordingPausesTable {
  id: Generated<number>
  tenant_id: number
  call_id: string
  open_call_id: string | null
  paused_at_ms: number
  resumed_at_ms: Defaulted<number | null>
}

export interface RecordingPartsTable {
  call_id: string
  part: number
  starts_at_ms: number
}
