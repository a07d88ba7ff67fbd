import t from 'tap'
import { formatCallingHours, readCallingHours, type CallingHoursFault } from './calling-hours-text.ts'

const hoursOf = (text: string) => {
  const parsed = readCallingHours(text)
  if (parsed.kind !== 'hours') throw new Error(`${text}: ${parsed.kind}`)
  return parsed.hours
}

t.test('hours are read as managers write them, and formatted so that they can be read again', async (t) => {
  const read: [string, string][] = [
    ['mon-fri 9-18', 'mon-fri 09:00-18:00'],
    ['mon-fri 9:00-18:00 sat 10:00-14:00', 'mon-fri 09:00-18:00 sat 10:00-14:00'],
    ['mon-fri 9:00-12:00 13:30-18:00', 'mon-fri 09:00-12:00 13:30-18:00'],
    ['Mon,Wed,Fri  8-24', 'mon 08:00-24:00 wed 08:00-24:00 fri 08:00-24:00'],
    ['always', 'always'],
    ['sat-sun 0-24', 'sat-sun 00:00-24:00'],
  ]
  for (const [text, formatted] of read) {
    t.equal(formatCallingHours(hoursOf(text)), formatted, text)
    t.same(hoursOf(formatted), hoursOf(text))
  }
  t.same(hoursOf('sat 10-14'), [{ weekday: 6, fromMinute: 600, toMinute: 840 }])
})

t.test('wrong hours are refused, and the fault names the wrong word', async (t) => {
  const wrong: [string, CallingHoursFault][] = [
    ['', { kind: 'days-without-hours' }],
    ['mon-fri', { kind: 'days-without-hours' }],
    ['9-18', { kind: 'hours-without-days', word: '9-18' }],
    ['mon fri 9-18', { kind: 'no-hours-before', word: 'fri' }],
    ['mon-fri 18-9', { kind: 'ends-before-start', word: '18-9' }],
    ['mon-fri 9-9', { kind: 'ends-before-start', word: '9-9' }],
    ['mon-fri 9-25', { kind: 'time-of-day', word: '9-25' }],
    ['mon-fri 9:60-18', { kind: 'time-of-day', word: '9:60-18' }],
    ['fri-mon 9-18', { kind: 'unknown-word', word: 'fri-mon' }],
    ['seg-sex 9-18', { kind: 'unknown-word', word: 'seg-sex' }],
    ['mon-fri 9h-18h', { kind: 'unknown-word', word: '9h-18h' }],
    ['always sat 9-12', { kind: 'unknown-word', word: 'always' }],
    ['mon-fri 9-12 11-18', { kind: 'overlap', day: 'mon' }],
    ['mon-fri 9-18 fri 17-20', { kind: 'overlap', day: 'fri' }],
  ]
  for (const [text, fault] of wrong) t.same(readCallingHours(text), fault, text)
})
