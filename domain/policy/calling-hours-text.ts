import { formatMinuteOfDay, readMinuteOfDay } from '../runtime/minute-of-day.ts'
import type { CallingHours } from './calling-hours.ts'

/**
 * Calling hours as one line of text: `mon-fri 9:00-12:00 13-18 sat,sun 10-14`, or `always`. Each period counts for the days
 * before it; hours after midnight belong to the next day.
 */
export type ParsedCallingHours = { kind: 'hours'; hours: CallingHours[] } | CallingHoursFault

/** `word` is the word of the text that is wrong. */
export type CallingHoursFault =
  | { kind: 'days-without-hours' }
  | { kind: 'hours-without-days' | 'no-hours-before' | 'time-of-day' | 'ends-before-start' | 'unknown-word'; word: string }
  | { kind: 'overlap'; day: string }

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** `always` gives no hours, which means at any hour. */
export function readCallingHours(text: string): ParsedCallingHours {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 1 && words[0] === 'always') return { kind: 'hours', hours: [] }
  const hours: CallingHours[] = []
  let days: number[] = []
  let daysHaveHours = true
  for (const word of words) {
    const period = readPeriod(word)
    if (!period) {
      const read = readDays(word)
      if (!read) return { kind: 'unknown-word', word }
      if (!daysHaveHours) return { kind: 'no-hours-before', word }
      days = read
      daysHaveHours = false
    } else {
      if ('kind' in period) return period
      if (days.length === 0) return { kind: 'hours-without-days', word }
      hours.push(...days.map((weekday) => ({ weekday, ...period })))
      daysHaveHours = true
    }
  }
  if (!daysHaveHours || hours.length === 0) return { kind: 'days-without-hours' }
  const overlap = findOverlap(hours)
  return overlap === null ? { kind: 'hours', hours } : { kind: 'overlap', day: weekdays[overlap - 1] ?? '' }
}

/** The same text again; days in a row with equal hours are joined. */
export function formatCallingHours(hours: readonly CallingHours[]): string {
  if (hours.length === 0) return 'always'
  const hoursByDay = weekdays.map((_, index) =>
    hours
      .filter(({ weekday }) => weekday === index + 1)
      .map(({ fromMinute, toMinute }) => `${formatMinuteOfDay(fromMinute)}-${formatMinuteOfDay(toMinute)}`)
      .join(' '),
  )
  const words: string[] = []
  for (let day = 0; day < weekdays.length; day++) {
    if (hoursByDay[day] === '') continue
    const first = day
    while (hoursByDay[day + 1] === hoursByDay[first]) day++
    words.push(`${first === day ? '' : `${weekdays[first]}-`}${weekdays[day]} ${hoursByDay[first]}`)
  }
  return words.join(' ')
}

/** Null for a word that is not a period. */
function readPeriod(word: string): Omit<CallingHours, 'weekday'> | CallingHoursFault | null {
  const [, from = '', to = ''] = /^(\d{1,2}(?::\d\d)?)-(\d{1,2}(?::\d\d)?)$/.exec(word) ?? []
  if (from === '') return null
  const [fromMinute, toMinute] = [readMinuteOfDay(from), readMinuteOfDay(to)]
  if (fromMinute === null || toMinute === null) return { kind: 'time-of-day', word }
  return fromMinute < toMinute ? { fromMinute, toMinute } : { kind: 'ends-before-start', word }
}

/** `mon-fri`, `sat`, `mon,wed-fri`: weekdays, 1 = Monday. Null for a word that is not days. */
function readDays(word: string): number[] | null {
  const days: number[] = []
  for (const part of word.split(',')) {
    const [first = '', last = first, ...more] = part.split('-')
    const [from, to] = [weekdays.indexOf(first), weekdays.indexOf(last)]
    if (from === -1 || to === -1 || from > to || more.length > 0) return null
    for (let index = from; index <= to; index++) days.push(index + 1)
  }
  return days
}

/** The first weekday of which two periods overlap, or null. */
function findOverlap(hours: CallingHours[]): number | null {
  const sorted = hours.toSorted((a, b) => a.weekday - b.weekday || a.fromMinute - b.fromMinute)
  const overlap = sorted.find((period, index) => {
    const next = sorted[index + 1]
    return next?.weekday === period.weekday && next.fromMinute < period.toMinute
  })
  return overlap?.weekday ?? null
}
