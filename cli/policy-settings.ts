import { InvalidArgumentError } from 'commander'
import { isAreaCode } from '../domain/telephony/phone-numbers.ts'
import type { Tenant, TenantPolicy } from '../domain/tenants/tenants.ts'
import { readBlocks } from './billing-rules.ts'
import { wholeNumber } from './arguments.ts'

type Value = string | number | boolean | null

/** One thing that may be set about a company. `write` throws an InvalidArgumentError whose message says what is wanted. */
export interface Setting {
  means: string
  read(tenant: Tenant): Value
  write(text: string): TenantPolicy
}

export const settings: Record<string, Setting> = {
  'max-calls': counted('max_calls', 1, 1000, 'calls at the same time'),
  'calls-per-second': counted('max_calls_per_second', 1, 100, 'new calls in a second'),
  'phone-refusals': counted('phone_refusals_per_minute', 1, 1000, 'refused dials of one phone in a minute; beyond them it hears busy'),
  'seconds-per-call': counted('max_call_seconds', 60, 86_400, 'the longest call'),
  'ring-seconds': counted('ring_seconds', 5, 120, 'how long a lead is rung on each trunk'),
  'day-calls': limit('day_calls_limit', "the company's calls of a day"),
  'day-seconds': limit('day_seconds_limit', "the company's billed seconds of a day"),
  'agent-day-calls': limit('agent_day_calls_limit', "each agent's calls of a day"),
  'agent-day-seconds': limit('agent_day_seconds_limit', "each agent's billed seconds of a day"),
  blocks: {
    means: 'seconds billed at first, and in steps after that',
    read: (tenant) => `${tenant.first_block_seconds}+${tenant.next_block_seconds}`,
    write(text) {
      const { first, next } = readBlocks(text)
      return { first_block_seconds: first, next_block_seconds: next }
    },
  },
  'free-seconds': counted('free_seconds', 0, 60, 'a talk up to this costs nothing'),
  record: flag('records_calls', 'whether calls are recorded'),
  'recording-downloads': flag('recording_downloads', 'whether people may keep copies of the recordings they may hear'),
  'recording-days': {
    means: 'recordings are deleted after so many days, none = never',
    read: (tenant) => tenant.recording_days,
    write: (text) => ({ recording_days: text === 'none' ? null : wholeNumber(1, 3650)(text) }),
  },
  'low-balance-minutes': inMinutes('low_balance_seconds', 'a balance below this warns people, 0 = never'),
  'spend-alarm-factor': counted('spend_alarm_factor', 0, 1000, 'so many times its usual hour pauses its calls, 0 = never'),
  'spend-alarm-floor-minutes': inMinutes('spend_alarm_floor_seconds', 'an hour below this never pauses its calls'),
  holidays: flag('calls_on_holidays', 'whether calling hours count on national holidays too'),
  'time-zone': {
    means: 'its clocks: hours, days, months',
    read: (tenant) => tenant.time_zone,
    write: (text) => ({ time_zone: timeZone(text) }),
  },
  'area-code': {
    means: 'DDD of numbers written without one',
    read: (tenant) => tenant.default_area_code,
    write(text) {
      if (!isAreaCode(text)) throw new InvalidArgumentError('A DDD in use is wanted, such as 11.')
      return { default_area_code: text }
    },
  },
  language: {
    means: 'of pages and prompts, unless a person chose another',
    read: (tenant) => tenant.locale,
    write(text) {
      if (text !== 'pt-BR' && text !== 'en') throw new InvalidArgumentError('pt-BR or en is wanted.')
      return { locale: text }
    },
  },
}

type Numeric =
  | 'max_calls'
  | 'max_calls_per_second'
  | 'phone_refusals_per_minute'
  | 'max_call_seconds'
  | 'ring_seconds'
  | 'free_seconds'
  | 'spend_alarm_factor'

function counted(column: Numeric, from: number, to: number, means: string): Setting {
  return { means, read: (tenant) => tenant[column], write: (text) => ({ [column]: wholeNumber(from, to)(text) }) }
}

function limit(column: `${'' | 'agent_'}day_${'calls' | 'seconds'}_limit`, means: string): Setting {
  const read = wholeNumber(0, 999_999_999)
  return {
    means: `${means}, none = no limit`,
    read: (tenant) => tenant[column],
    write: (text) => ({ [column]: text === 'none' ? null : read(text) }),
  }
}

function inMinutes(column: 'low_balance_seconds' | 'spend_alarm_floor_seconds', means: string): Setting {
  return { means, read: (tenant) => tenant[column] / 60, write: (text) => ({ [column]: wholeNumber(0, 1_000_000)(text) * 60 }) }
}

function flag(column: 'records_calls' | 'recording_downloads' | 'calls_on_holidays', means: string): Setting {
  return {
    means,
    read: (tenant) => tenant[column] === 1,
    write(text) {
      if (text !== 'yes' && text !== 'no') throw new InvalidArgumentError('yes or no is wanted.')
      return { [column]: text === 'yes' }
    },
  }
}

/** As the zone's own list spells it; an offset such as -03:00 knows nothing of summer time and is refused. */
function timeZone(text: string): string {
  const wanted = new InvalidArgumentError('A time zone is wanted, such as America/Sao_Paulo.')
  if (!/^[a-z]+\/[a-z/_-]+$/i.test(text)) throw wanted
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone
  } catch {
    throw wanted
  }
}
