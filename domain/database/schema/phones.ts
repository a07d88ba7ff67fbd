import type { Generated } from 'kysely'
import type { Defaulted } from './columns.ts'

export interface AgentsTable {
  id: Generated<number>
  tenant_id: number
  user_id: number
  extension: string
}

export interface PhonesTable {
  id: Generated<number>
  tenant_id: number
  agent_id: number
  kind: 'browser' | 'desk'
  endpoint: string
  realm: Defaulted<string | null>
  digest: Defaulted<string | null>
  expires_at: Defaulted<Date | null>
  session_hash: Defaulted<string | null>
  ended_at: Defaulted<Date | null>
}

export interface PhoneRefusalsTable {
  phone_id: number
  /** The first refusal of the minute that is counted. */
  counted_from: Date
  refusals: number
}

/** Written by Asterisk; only what we read is listed. `expiration_time` is a Unix time in seconds. */
export interface PsContactsTable {
  id: string
  uri: string | null
  expiration_time: number | null
  user_agent: string | null
  endpoint: string | null
  /** yes: the address is that of the connection which the REGISTER came by. */
  prune_on_boot: string | null
}

export interface NumbersTable {
  id: Generated<number>
  tenant_id: number
  e164: string
  position: Defaulted<number>
}

export interface PhoneReportsTable {
  id: Generated<number>
  tenant_id: number
  agent_id: number
  sent_at: Date
  browser: string
  app_version: string
  /** JSON */
  entries: string
}
