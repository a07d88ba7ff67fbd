import type { Selectable } from 'kysely'
import type { CallsTable, TransferState } from '../../domain/database/schema.ts'
import type { RecordingState } from '../../domain/database/schema/recordings.ts'
import type { CarrierInvite } from '../carrier/calls.ts'
import type { Prompt } from './asterisk-log.ts'
import type { Outage } from './outages.ts'
import type { PhoneRecord } from './phone-log.ts'
import type { PlannedCall } from './plan.ts'

export type CallRow = Selectable<CallsTable>

/** A placed call, with all evidence about it. */
export interface ObservedCall {
  plan: PlannedCall
  placedAt: Date
  /** Null for a click and for an incoming call: no phone of ours dialled. */
  phone: PhoneRecord | null
  row: CallRow | null
  /** Number of end events; after a transfer each of the two agents gets one. */
  ends: number
  /** Its charges in the ledger, in seconds. */
  charges: number[]
  /** Number of INVITEs at the carrier, to it or from it; and the first one. */
  carried: number
  carrier: CarrierInvite | null
  /** The real end of the talk: noted by the carrier, or the kill of its Asterisk. */
  overAt: Date | null
  /** Talk by the carrier's own clock, until `overAt`. */
  carrierMs: number
  killed: Outage | null
  /** `reportedMissingMs`: the missing part that the product reports. */
  recording: { state: RecordingState; durationMs: number | null; fileMs: number | null; reportedMissingMs: number } | null
  transfer: { at: Date; state: TransferState | null } | null
  boughtAt: Date | null
  prompts: Prompt[]
  /** Times of this call's questions without an answer. */
  silentAt: Date[]
  /** The agent's other calls that were open, or whose end was being reported, when this call was placed. */
  occupiedBy: string[]
}
