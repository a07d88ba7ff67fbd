import { formatBillingBlocks, readBillingBlocks } from '../balance/billing-blocks.ts'
import { readTimeZone } from '../runtime/time-zone.ts'
import { readWholeNumber } from '../runtime/whole-number.ts'
import { isAreaCode } from '../telephony/phone-numbers.ts'
import type { Tenant, TenantPolicy } from './tenants.ts'

/** What managers of the server may set about a tenant, under the names that people use for it: the column and the bounds of each. */
export interface PolicySetting {
  read(tenant: Tenant): PolicyValue
  parse(text: string): ParsedPolicy
}

export type PolicyValue = string | number | boolean | null

export type ParsedPolicy = { kind: 'change'; change: TenantPolicy } | PolicyFault

/** What the text must be instead. `orNone`: the word `none` is allowed too. */
export type PolicyFault =
  | { kind: 'whole-number'; from: number; to: number; orNone: boolean }
  | { kind: 'blocks' | 'yes-or-no' | 'time-zone' | 'area-code' | 'locale' }

export const policySettings = {
  'max-calls': number('max_calls', 1, 1000),
  'calls-per-second': number('max_calls_per_second', 1, 100),
  'phone-refusals': number('phone_refusals_per_minute', 1, 1000),
  'seconds-per-call': number('max_call_seconds', 60, 86_400),
  'ring-seconds': number('ring_seconds', 5, 120),
  'day-calls': numberOrNone('day_calls_limit', 0, 999_999_999),
  'day-seconds': numberOrNone('day_seconds_limit', 0, 999_999_999),
  'agent-day-calls': numberOrNone('agent_day_calls_limit', 0, 999_999_999),
  'agent-day-seconds': numberOrNone('agent_day_seconds_limit', 0, 999_999_999),
  blocks: setting(
    (tenant) => formatBillingBlocks({ firstBlockSeconds: tenant.first_block_seconds, nextBlockSeconds: tenant.next_block_seconds }),
    (text) => {
      const blocks = readBillingBlocks(text)
      return blocks && { first_block_seconds: blocks.firstBlockSeconds, next_block_seconds: blocks.nextBlockSeconds }
    },
    { kind: 'blocks' },
  ),
  'free-seconds': number('free_seconds', 0, 60),
  record: yesOrNo('records_calls'),
  'recording-downloads': yesOrNo('recording_downloads'),
  'recording-days': numberOrNone('recording_days', 1, 3650),
  'low-balance-minutes': minutes('low_balance_seconds'),
  'spend-alarm-factor': number('spend_alarm_factor', 0, 1000),
  'spend-alarm-floor-minutes': minutes('spend_alarm_floor_seconds'),
  holidays: yesOrNo('calls_on_holidays'),
  'time-zone': setting(
    (tenant) => tenant.time_zone,
    (text) => {
      const timeZone = readTimeZone(text)
      return timeZone === null ? null : { time_zone: timeZone }
    },
    { kind: 'time-zone' },
  ),
  'area-code': setting(
    (tenant) => tenant.default_area_code,
    (text) => (isAreaCode(text) ? { default_area_code: text } : null),
    { kind: 'area-code' },
  ),
  language: setting(
    (tenant) => tenant.locale,
    (text) => (text === 'pt-BR' || text === 'en' ? { locale: text } : null),
    { kind: 'locale' },
  ),
} satisfies Record<string, PolicySetting>

export type PolicyKey = keyof typeof policySettings

export const policyKeys = Object.keys(policySettings) as PolicyKey[]

/** A tenant's whole policy, key by key. */
export function policyOf(tenant: Tenant): Record<PolicyKey, PolicyValue> {
  const entries = policyKeys.map((key) => [key, policySettings[key].read(tenant)])
  return Object.fromEntries(entries) as Record<PolicyKey, PolicyValue>
}

function setting(read: PolicySetting['read'], parse: (text: string) => TenantPolicy | null, fault: PolicyFault): PolicySetting {
  return {
    read,
    parse(text) {
      const change = parse(text)
      return change ? { kind: 'change', change } : fault
    },
  }
}

type NumberColumn =
  | 'max_calls'
  | 'max_calls_per_second'
  | 'phone_refusals_per_minute'
  | 'max_call_seconds'
  | 'ring_seconds'
  | 'free_seconds'
  | 'spend_alarm_factor'

function number(column: NumberColumn, from: number, to: number): PolicySetting {
  const change = (text: string) => changeTo(readWholeNumber(text, from, to), (value) => ({ [column]: value }))
  return setting((tenant) => tenant[column], change, { kind: 'whole-number', from, to, orNone: false })
}

function numberOrNone(
  column: `${'' | 'agent_'}day_${'calls' | 'seconds'}_limit` | 'recording_days',
  from: number,
  to: number,
): PolicySetting {
  const change = (text: string) =>
    text === 'none' ? { [column]: null } : changeTo(readWholeNumber(text, from, to), (value) => ({ [column]: value }))
  return setting((tenant) => tenant[column], change, { kind: 'whole-number', from, to, orNone: true })
}

/** Minutes for people, seconds in the database. */
function minutes(column: 'low_balance_seconds' | 'spend_alarm_floor_seconds'): PolicySetting {
  const bounds = { from: 0, to: 1_000_000 }
  const change = (text: string) => changeTo(readWholeNumber(text, bounds.from, bounds.to), (value) => ({ [column]: value * 60 }))
  return setting((tenant) => tenant[column] / 60, change, { kind: 'whole-number', ...bounds, orNone: false })
}

function yesOrNo(column: 'records_calls' | 'recording_downloads' | 'calls_on_holidays'): PolicySetting {
  const change = (text: string) => (text === 'yes' || text === 'no' ? { [column]: text === 'yes' } : null)
  return setting((tenant) => tenant[column] === 1, change, { kind: 'yes-or-no' })
}

function changeTo(value: number | null, change: (value: number) => TenantPolicy): TenantPolicy | null {
  return value === null ? null : change(value)
}
