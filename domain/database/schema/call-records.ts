import type { Generated } from 'kysely'
import type { Defaulted, Flag } from './columns.ts'

export interface DispositionsTable {
  id: Generated<number>
  tenant_id: number
  label: string
  archived_at: Defaulted<Date | null>
}

export interface CallNotesTable {
  call_id: string
  tenant_id: number
  note: string
  revision: number
  changed_at: Date
  changed_by: number
}

export interface CallEventsTable {
  id: Generated<number>
  tenant_id: number
  agent_id: number | null
  call_id: string | null
  kind: string
  at: Date
}

export interface CallRingsTable {
  call_id: string
  agent_id: number
  tenant_id: number
  ringing: Flag
}

/** Written by Asterisk. `eventtime` is UTC, as text: 2026-11-24 12:00:00.045000. */
export interface CelTable {
  id: Generated<number>
  eventtype: 'ANSWER' | 'HANGUP'
  eventtime: string
  uniqueid: string
  linkedid: string
  userfield: string
  channame: string
  /** Of a HANGUP: when the end began, in ms since 1970, as text; empty = at `eventtime`. */
  accountcode: Generated<string>
}
