import t from 'tap'
import { nationalHoliday } from './holidays.ts'
import { endOfMonth, localMonth, localTime, startOfDay } from '../runtime/local-time.ts'

t.test('the national holidays, Good Friday of each year among them', async (t) => {
  const goodFridays = ['2024-03-29', '2025-04-18', '2026-04-03', '2027-03-26', '2028-04-14', '2038-04-23']
  const days = {
    '2026-01-01': 'new-year',
    '2026-04-21': 'tiradentes',
    '2026-05-01': 'labour-day',
    '2026-09-07': 'independence',
    '2026-10-12': 'aparecida',
    '2026-11-02': 'all-souls',
    '2026-11-15': 'republic',
    '2026-12-25': 'christmas',
  }
  for (const [day, holiday] of Object.entries(days)) t.equal(nationalHoliday(day), holiday, day)
  for (const day of goodFridays) t.equal(nationalHoliday(day), 'good-friday', day)
  t.equal(nationalHoliday('2024-11-20'), 'black-awareness')
  t.equal(nationalHoliday('2023-11-20'), null, 'Consciência Negra, from 2024 on')
  for (const day of ['2026-02-17', '2026-04-05', '2026-06-04', '2026-11-24', '2025-04-03']) t.equal(nationalHoliday(day), null, day)
  let inYear = 0
  for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += 86_400_000)
    if (nationalHoliday(new Date(at).toISOString().slice(0, 10)) !== null) inYear++
  t.equal(inYear, 10, 'ten in a year')
})

t.test('local time in a time zone', async (t) => {
  t.same(localTime(new Date('2026-11-24T02:59:00Z'), 'America/Sao_Paulo'), { day: '2026-11-23', weekday: 1, minuteOfDay: 23 * 60 + 59 })
  t.same(localTime(new Date('2026-11-24T03:00:00Z'), 'America/Sao_Paulo'), { day: '2026-11-24', weekday: 2, minuteOfDay: 0 })
  t.same(localTime(new Date('2026-11-29T12:00:00Z'), 'America/Sao_Paulo'), { day: '2026-11-29', weekday: 7, minuteOfDay: 9 * 60 })
  t.equal(localTime(new Date('2026-11-24T03:30:00Z'), 'America/Manaus').day, '2026-11-23')
})

t.test('a day and a month begin and end in local time, also across a clock change', async (t) => {
  t.equal(endOfMonth('2026-11', 'America/Sao_Paulo').toISOString(), '2026-12-01T03:00:00.000Z')
  t.equal(endOfMonth('2026-12', 'America/Sao_Paulo').toISOString(), '2027-01-01T03:00:00.000Z')
  t.equal(endOfMonth('2026-11', 'America/Manaus').toISOString(), '2026-12-01T04:00:00.000Z')
  // Lisbon changed to summer time on the last day of March 2024.
  t.equal(endOfMonth('2024-03', 'Europe/Lisbon').toISOString(), '2024-03-31T23:00:00.000Z')
  t.equal(startOfDay('2026-11-24', 'America/Sao_Paulo').toISOString(), '2026-11-24T03:00:00.000Z')
  for (const zone of ['America/Sao_Paulo', 'America/Noronha', 'America/Rio_Branco', 'Europe/Lisbon', 'UTC'])
    for (const month of ['2026-01', '2026-02', '2026-03', '2026-10', '2026-12']) {
      const end = endOfMonth(month, zone)
      t.equal(localMonth(new Date(end.getTime() - 60_000), zone), month, `${month} in ${zone}`)
      t.not(localMonth(end, zone), month)
    }
})
