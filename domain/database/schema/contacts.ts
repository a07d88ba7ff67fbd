import type { Generated } from 'kysely'
import type { Defaulted, Flag } from './columns.ts'

export interface ContactsTable {
  id: Generated<number>
  tenant_id: number
  name: string
  company: Defaulted<string>
  created_at: Generated<Date>
  owner_agent_id: Defaulted<number | null>
  email: Defaulted<string>
  city: Defaulted<string>
  notes: Defaulted<string>
}

export interface ContactFieldsTable {
  contact_id: number
  position: number
  tenant_id: number
  name: string
  value: string
}

export interface ContactNumbersTable {
  tenant_id: number
  e164: string
  contact_id: number
  position: number
  label: Defaulted<string>
}

export interface ContactTagsTable {
  contact_id: number
  tag: string
  tenant_id: number
}

export interface ContactImportsTable {
  id: Generated<number>
  tenant_id: number
  created_by: number
  created_at: Date
  file_name: string
  content: string | null
  columns_json: Defaulted<string>
  heading_json: Defaulted<string>
  has_heading: Flag
  separator_char: Defaulted<string>
  assumes_area_code: Flag
  tag: Defaulted<string>
  state: 'preview' | 'queued' | 'done' | 'failed'
  tries: Defaulted<number>
  retry_at: Defaulted<Date | null>
  rows_total: Defaulted<number>
  rows_done: Defaulted<number>
  added: Defaulted<number>
  merged: Defaulted<number>
  repeated: Defaulted<number>
  faults: Defaulted<number>
  left_out: Defaulted<number>
  asked: Defaulted<number>
  finished_at: Defaulted<Date | null>
}

export interface ContactImportFaultsTable {
  import_id: number
  line: number
  kind: Defaulted<'refused' | 'left-out' | 'asked'>
  text: string
  fault: string
  cells_json: Defaulted<string>
}

export interface TasksTable {
  id: Generated<number>
  tenant_id: number
  kind: 'callback' | 'missed'
  e164: string
  agent_id: Defaulted<number | null>
  due_at: Date
  note: Defaulted<string>
  call_id: Defaulted<string | null>
  missed_calls: Defaulted<number>
  open_missed: Defaulted<string | null>
  announced_at: Defaulted<Date | null>
  created_at: Date
  created_by: Defaulted<number | null>
  done_at: Defaulted<Date | null>
  done_by: Defaulted<number | null>
  done_how: Defaulted<'call' | 'hand' | null>
}

export interface CallListsTable {
  id: Generated<number>
  tenant_id: number
  name: string
  most_attempts: number
  wait_minutes: number
  created_at: Date
  created_by: number
  closed_at: Defaulted<Date | null>
}

export interface CallListEntriesTable {
  id: Generated<number>
  tenant_id: number
  list_id: number
  contact_id: number
  state: Defaulted<'waiting' | 'done' | 'passed'>
  reason: Defaulted<string | null>
  attempts: Defaulted<number>
  skips: Defaulted<number>
  due_at: Date
  held_by: Defaulted<number | null>
  held_until: Defaulted<Date | null>
  agent_id: Defaulted<number | null>
  changed_at: Date
}
