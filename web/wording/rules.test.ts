import t from 'tap'
import type { Tenant } from '../../domain/tenants/tenants.ts'
import { alarmText, billingText, rulePanels } from './rules.ts'
import { wording } from './wording.ts'

const words = wording('en', 'America/Sao_Paulo', new Date('2026-11-12T12:00:00Z'))
const tenant = {
  max_calls: 5,
  max_calls_per_second: 1,
  max_call_seconds: 3600,
  day_calls_limit: null,
  day_seconds_limit: null,
  agent_day_calls_limit: 200,
  agent_day_seconds_limit: 7200,
  calls_on_holidays: 0,
  records_calls: 1,
  recording_days: null,
  recording_downloads: 0,
  first_block_seconds: 30,
  next_block_seconds: 6,
  free_seconds: 0,
  spend_alarm_factor: 3,
  spend_alarm_floor_seconds: 600,
  usual_hour_seconds: 1200,
} as Tenant

t.test('limits that are not set are named as such, the others are listed', (t) => {
  const { lines } = rulePanels(tenant, [], words)
  t.equal(lines?.['day'], words.t('rules.no-limit'))
  t.match(lines?.['agent-day'], /200.* · .*120/)
  t.end()
})

t.test('holidays are closed only where there are calling hours', (t) => {
  const weekdays = [{ weekday: 1, fromMinute: 540, toMinute: 1080 }]
  t.equal(rulePanels(tenant, [], words)['hours']?.['holidays'], words.t('rules.holidays.open'))
  t.equal(rulePanels(tenant, weekdays, words)['hours']?.['holidays'], words.t('rules.holidays.closed'))
  t.equal(rulePanels({ ...tenant, calls_on_holidays: 1 }, weekdays, words)['hours']?.['holidays'], words.t('rules.holidays.open'))
  t.end()
})

t.test('the spend alarm states the threshold that the domain applies', (t) => {
  t.match(alarmText(tenant, words), /60.*20/s)
  t.match(alarmText({ ...tenant, usual_hour_seconds: 0 }, words), '10')
  t.equal(alarmText({ ...tenant, spend_alarm_factor: 0 }, words), words.t('rules.alarm.off'))
  t.end()
})

t.test('free seconds are mentioned where a company has them', (t) => {
  t.not(billingText({ ...tenant, free_seconds: 3 }, words), billingText(tenant, words))
  t.end()
})
