import type { Generated } from 'kysely'
import type { DestinationClass } from '../../telephony/destination-classes.ts'
import type { Defaulted } from './columns.ts'

export type LedgerKind = 'top-up' | 'charge' | 'adjustment' | 'franchise' | 'expiry'

export interface LeasesTable {
  call_id: string
  tenant_id: number
  held_seconds: number
  opened_at: Date
  renewed_at: Date
  expires_at: Date
  cut_at: Defaulted<Date | null>
  cut_reason: Defaulted<'balance' | 'limit' | 'network' | null>
  closed_at: Defaulted<Date | null>
  boot: Defaulted<string | null>
  renewed_uptime_ms: Defaulted<number | null>
  expires_uptime_ms: Defaulted<number | null>
  talked_seconds: Defaulted<number>
}

export interface LedgerEntriesTable {
  id: Generated<number>
  tenant_id: number
  kind: LedgerKind
  seconds: number
  balance_after_seconds: number
  call_id: string | null
  reason: Defaulted<string>
  author: Defaulted<string>
  created_at: Date
}

export interface FranchisesTable {
  tenant_id: number
  month: string
  granted_seconds: number
  left_seconds: number
  expires_at: Date
}

export interface TrunkRatesTable {
  trunk_id: number
  destination: DestinationClass
  valid_from: Date
  micros_per_minute: number
}

/** Tenant 0: the price of each company that has no price of its own. */
export interface SaleRatesTable {
  tenant_id: number
  destination: DestinationClass
  valid_from: Date
  micros_per_minute: number
}
