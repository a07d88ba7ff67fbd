import type { Generated } from 'kysely'
import type { DestinationClass } from '../../telephony/destination-classes.ts'
import type { Defaulted, Flag } from './columns.ts'

export interface DestinationRulesTable {
  tenant_id: number
  destination: DestinationClass
  allowed: Flag
}

export interface DoNotCallTable {
  tenant_id: number
  e164: string
  reason: Defaulted<string>
  author: Defaulted<string>
  created_at: Date
  /** When the person asked again while this entry stood; null = never. */
  asked_again_at: Defaulted<Date | null>
}

/** Weekday 1 = Monday; minutes since midnight of the tenant's time zone. */
export interface CallingHoursTable {
  tenant_id: number
  weekday: number
  from_minute: number
  to_minute: number
}

/** `day` is written as `2026-11-24`. */
export interface UsageDaysTable {
  tenant_id: number
  agent_id: number
  day: string
  calls: number
  seconds: number
}

export interface UsageHoursTable {
  tenant_id: number
  hour: Date
  seconds: number
}

export interface OutboundPausesTable {
  id: Generated<number>
  tenant_id: number
  open_tenant_id: number | null
  hour_seconds: number
  usual_seconds: number
  paused_at: Date
  released_at: Defaulted<Date | null>
  released_by: Defaulted<string>
  released_hour_seconds: Defaulted<number | null>
}
