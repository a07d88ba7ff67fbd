import type { Generated, GeneratedAlways } from 'kysely'
import type { DestinationClass } from '../telephony/destination-classes.ts'
import type { Defaulted, Flag } from './schema/columns.ts'
import type { AgentsTable, PhonesTable, PhoneRefusalsTable, PsContactsTable, NumbersTable, PhoneReportsTable } from './schema/phones.ts'
import type {
  DestinationRulesTable,
  DoNotCallTable,
  CallingHoursTable,
  UsageDaysTable,
  UsageHoursTable,
  OutboundPausesTable,
} from './schema/policy.ts'
import type {
  ContactsTable,
  ContactFieldsTable,
  ContactNumbersTable,
  ContactTagsTable,
  ContactImportsTable,
  ContactImportFaultsTable,
  TasksTable,
  CallListsTable,
  CallListEntriesTable,
} from './schema/contacts.ts'
import type { LeasesTable, LedgerEntriesTable, FranchisesTable, TrunkRatesTable, SaleRatesTable } from './schema/balance.ts'
import type { RecordingsTable, RecordingPausesTable, RecordingPartsTable } from './schema/recordings.ts'
import type { DispositionsTable, CallNotesTable, CallEventsTable, CallRingsTable, CelTable } from './schema/call-records.ts'

/** The tables as kysely sees them. Counts that MariaDB keeps as BIGINT stay far below 2^53 and are numbers here. */
export interface Schema {
  tenants: TenantsTable
  users: UsersTable
  sessions: SessionsTable
  agents: AgentsTable
  phones: PhonesTable
  phone_refusals: PhoneRefusalsTable
  ps_contacts: PsContactsTable
  numbers: NumbersTable
  trunks: TrunksTable
  contacts: ContactsTable
  contact_fields: ContactFieldsTable
  contact_numbers: ContactNumbersTable
  contact_tags: ContactTagsTable
  contact_imports: ContactImportsTable
  contact_import_faults: ContactImportFaultsTable
  tasks: TasksTable
  call_lists: CallListsTable
  call_list_entries: CallListEntriesTable
  calls: CallsTable
  dispositions: DispositionsTable
  call_notes: CallNotesTable
  call_events: CallEventsTable
  call_rings: CallRingsTable
  leases: LeasesTable
  ledger_entries: LedgerEntriesTable
  recordings: RecordingsTable
  recording_pauses: RecordingPausesTable
  recording_parts: RecordingPartsTable
  transfers: TransfersTable
  destination_rules: DestinationRulesTable
  do_not_call: DoNotCallTable
  calling_hours: CallingHoursTable
  usage_days: UsageDaysTable
  usage_hours: UsageHoursTable
  outbound_pauses: OutboundPausesTable
  franchises: FranchisesTable
  trunk_rates: TrunkRatesTable
  sale_rates: SaleRatesTable
  cel: CelTable
  call_quality: CallQualityTable
  phone_reports: PhoneReportsTable
}

export type Locale = 'pt-BR' | 'en'
export type Role = 'manager' | 'agent' | 'operator'
export type CallState = 'requested' | 'authorized' | 'answered' | 'ended' | 'refused' | 'unreachable' | 'lost'
export type HungUpBy = 'agent' | 'lead' | 'network' | 'balance' | 'limit'
export type TransferState =
  'requested' | 'moving' | 'consulting' | 'consulted' | 'completing' | 'ringing' | 'returning' | 'answered' | 'returned' | 'failed'

export interface TenantsTable {
  id: Generated<number>
  slug: string
  name: string
  status: Defaulted<'active' | 'suspended'>
  locale: Defaulted<Locale>
  time_zone: Defaulted<string>
  default_area_code: Defaulted<string>
  balance_seconds: Defaulted<number>
  held_seconds: Defaulted<number>
  first_block_seconds: Defaulted<number>
  next_block_seconds: Defaulted<number>
  free_seconds: Defaulted<number>
  max_calls: Defaulted<number>
  max_call_seconds: Defaulted<number>
  ring_seconds: Defaulted<number>
  records_calls: Flag
  recording_downloads: Flag
  /** After a call; null = keep forever. */
  recording_days: Defaulted<number | null>
  max_calls_per_second: Defaulted<number>
  /** So many refusals of one phone in a minute, and it hears busy for the rest of it. */
  phone_refusals_per_minute: Defaulted<number>
  day_calls_limit: Defaulted<number | null>
  day_seconds_limit: Defaulted<number | null>
  agent_day_calls_limit: Defaulted<number | null>
  agent_day_seconds_limit: Defaulted<number | null>
  calls_on_holidays: Flag
  spend_alarm_factor: Defaulted<number>
  spend_alarm_floor_seconds: Defaulted<number>
  usual_hour_seconds: Defaulted<number>
  monthly_seconds: Defaulted<number>
  low_balance_seconds: Defaulted<number>
  trunk_order: Defaulted<'priority' | 'least-cost'>
  created_at: Generated<Date>
}

export interface UsersTable {
  id: Generated<number>
  /** Null for an operator. */
  tenant_id: number | null
  email: string
  name: string
  role: Role
  password_hash: string
  locale: Defaulted<Locale | null>
  disabled_at: Defaulted<Date | null>
  credential_generation: Defaulted<number>
  created_at: Generated<Date>
}

export interface SessionsTable {
  id_hash: string
  user_id: number | null
  data: string
  expires_at: Date
}

export interface TrunksTable {
  id: Generated<number>
  tenant_id: number | null
  endpoint: string
  priority: Defaulted<number>
  enabled: Flag
  first_block_seconds: Defaulted<number>
  next_block_seconds: Defaulted<number>
  free_seconds: Defaulted<number>
  number_form: Defaulted<string>
  number_prefix: Defaulted<string>
  special_caller_ids: Flag
}

export interface CallsTable {
  id: string
  tenant_id: number
  /** Null while an incoming call is not answered. */
  agent_id: number | null
  open_agent_id: Defaulted<number | null>
  contact_id: Defaulted<number | null>
  origin: 'click' | 'phone' | 'incoming'
  e164: string | null
  e164_backwards: GeneratedAlways<string | null>
  dialled: Defaulted<string>
  state: CallState
  verdict: Defaulted<string | null>
  /** How often this same number was refused in a row: one line for all. */
  refused_times: Defaulted<number>
  /** The longest talk that the company allowed when the call began; null for calls of before that was kept. */
  limit_seconds: Defaulted<number | null>
  outcome: Defaulted<string | null>
  hung_up_by: Defaulted<HungUpBy | null>
  trunk: Defaulted<string | null>
  caller_id: Defaulted<string | null>
  channel: Defaulted<string | null>
  unique_id: Defaulted<string | null>
  lead_channel: Defaulted<string | null>
  lead_unique_id: Defaulted<string | null>
  transferred_to_agent_id: Defaulted<number | null>
  sip_code: Defaulted<number | null>
  q850: Defaulted<number | null>
  requested_at: Date
  authorized_at: Defaulted<Date | null>
  answered_at: Defaulted<Date | null>
  answered_boot: Defaulted<string | null>
  answered_uptime_ms: Defaulted<number | null>
  /** When a probe last found an incoming call up, which holds no lease to say so. */
  heard_at: Defaulted<Date | null>
  ended_at: Defaulted<Date | null>
  talk_seconds: Defaulted<number>
  billed_seconds: Defaulted<number>
  first_block_seconds: number
  next_block_seconds: number
  free_seconds: number
  destination: Defaulted<DestinationClass | null>
  free_of_charge: Flag
  cost_micros: Defaulted<number | null>
  price_micros: Defaulted<number | null>
  disposition_id: Defaulted<number | null>
  list_id: Defaulted<number | null>
}

/** `began_at_ms` and `answered_at_ms` are milliseconds of the talk. */
export interface TransfersTable {
  id: Generated<number>
  tenant_id: number
  call_id: string
  open_call_id: string | null
  from_agent_id: number
  to_agent_id: number
  kind: 'blind' | 'attended'
  state: TransferState
  ringing_agent_id: number | null
  rings_until: Date | null
  requested_at: Date
  began_at_ms: Defaulted<number | null>
  answered_at_ms: Defaulted<number | null>
}

/** Loss in thousandths, mean opinion scores times ten. */
export interface CallQualityTable {
  call_id: string
  tenant_id: number
  agent_id: number
  mean_loss_permille: number
  worst_loss_permille: number
  mean_jitter_ms: number
  worst_jitter_ms: number
  mean_round_trip_ms: number
  worst_round_trip_ms: number
  mean_mos_tenths: number
  worst_mos_tenths: number
  measured_at: Date
}
