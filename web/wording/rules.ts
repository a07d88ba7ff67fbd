import type { CallingHours } from '../../domain/policy/calling-hours.ts'
import { alarmThresholdSeconds } from '../../domain/policy/spend-alarm.ts'
import type { Tenant } from '../../domain/tenants/tenants.ts'
import type { Wording } from './wording.ts'

/** The rules of a company by panel: key of the label → text. */
export type RulePanels = Record<string, Record<string, string>>

export function rulePanels(tenant: Tenant, hours: readonly CallingHours[], words: Wording): RulePanels {
  const { t } = words
  return {
    lines: {
      'max-calls': words.count(tenant.max_calls),
      'per-second': words.count(tenant.max_calls_per_second),
      longest: words.duration(tenant.max_call_seconds),
      day: dayLimitText(tenant.day_calls_limit, tenant.day_seconds_limit, words),
      'agent-day': dayLimitText(tenant.agent_day_calls_limit, tenant.agent_day_seconds_limit, words),
    },
    hours: {
      when: words.hours(hours),
      holidays: t(`rules.holidays.${hours.length === 0 || tenant.calls_on_holidays === 1 ? 'open' : 'closed'}`),
      zone: words.zone,
    },
    recordings: {
      record: t(`rules.recordings.${tenant.records_calls === 1 ? 'yes' : 'no'}`),
      kept:
        tenant.recording_days === null
          ? t('rules.recordings.always')
          : t('rules.recordings.days', { count: words.count(tenant.recording_days) }),
      copies: t(`rules.recordings.copies.${tenant.recording_downloads === 1 ? 'yes' : 'no'}`),
    },
  }
}

/** Null = no limit. */
function dayLimitText(calls: number | null, seconds: number | null, words: Wording): string {
  const limits = [
    ...(calls === null ? [] : [words.t('rules.calls', { count: words.count(calls) })]),
    ...(seconds === null ? [] : [words.t('balance.minutes', { minutes: words.minutes(seconds) })]),
  ]
  return limits.length === 0 ? words.t('rules.no-limit') : limits.join(' · ')
}

/** When the spend alarm pauses the calls. */
export function alarmText(tenant: Tenant, words: Wording): string {
  const { t } = words
  if (tenant.spend_alarm_factor === 0) return t('rules.alarm.off')
  const minutes = (seconds: number) => words.count(Math.ceil(seconds / 60))
  const threshold = t('rules.alarm.words', { minutes: minutes(alarmThresholdSeconds(tenant)) })
  const usual = tenant.usual_hour_seconds
  return usual > 0 ? `${threshold} ${t('rules.alarm.usual', { minutes: minutes(usual) })}` : threshold
}

/** How the seconds of a call become charged seconds. */
export function billingText({ first_block_seconds, next_block_seconds, free_seconds }: Tenant, { t }: Wording): string {
  const blocks = t('rules.billing.blocks', { first: first_block_seconds, next: next_block_seconds })
  const free = free_seconds > 0 ? [t('rules.billing.free', { seconds: free_seconds })] : []
  return [blocks, ...free, t('rules.billing.ringing')].join(' ')
}

/** The kinds of numbers that a company may call or not. Emergency numbers are always open. */
export function destinationTexts(
  destinations: readonly (readonly [name: string, allowed: boolean])[],
  { t }: Wording,
): { label: string; text: string; tone: 'good' | 'quiet' }[] {
  return destinations
    .filter(([name]) => name !== 'emergency')
    .map(([name, allowed]) => ({
      label: t(`destination.${name}`),
      text: t(allowed ? 'rules.open' : 'rules.closed'),
      tone: allowed ? 'good' : 'quiet',
    }))
}
