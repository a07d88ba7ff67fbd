import type { CallingHours } from '../domain/policy/calling-hours.ts'
import { UserError } from './user-error.ts'
import { clockWords } from './dates.ts'

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

export const hoursHelp = 'mon-fri 9:00-18:00 sat 10:00-14:00, or always'

/** Reads `mon-fri 9:00-12:00 13-18 sat,sun 10-14`, in however many words; `always` is no hours at all. */
export function readHours(words: string[]): CallingHours[] {
  const tokens = words.join(' ').toLowerCase().split(/\s+/).filter(Boolean)
  if (tokens.length === 1 && tokens[0] === 'always') return []
  const hours: CallingHours[] = []
  let days: number[] = []
  let daysWithHours = true
  for (const token of tokens) {
    const stretch = readStretch(token)
    if (!stretch) {
      days = readDays(token)
      if (!daysWithHours) throw new UserError(`There are no hours before "${token}". Wanted: ${hoursHelp}.`)
      daysWithHours = false
    } else {
      if (days.length === 0) throw new UserError(`"${token}" has no days before it. Wanted: ${hoursHelp}.`)
      hours.push(...days.map((weekday) => ({ weekday, ...stretch })))
      daysWithHours = true
    }
  }
  if (!daysWithHours || hours.length === 0) throw new UserError(`Days without hours. Wanted: ${hoursHelp}.`)
  refuseOverlaps(hours)
  return hours
}

/** The same words again, days with equal hours together. */
export function hoursWords(hours: readonly CallingHours[]): string {
  if (hours.length === 0) return 'always'
  const ofDay = weekdays.map((_, index) =>
    hours
      .filter((each) => each.weekday === index + 1)
      .map((each) => `${clockWords(each.fromMinute)}-${clockWords(each.toMinute)}`)
      .join(' '),
  )
  const words: string[] = []
  for (let from = 0; from < weekdays.length; from++) {
    if (ofDay[from] === '') continue
    const first = from
    while (ofDay[from + 1] === ofDay[first]) from++
    words.push(`${first === from ? '' : `${weekdays[first]}-`}${weekdays[from]} ${ofDay[first]}`)
  }
  return words.join(' ')
}

function readStretch(token: string): Omit<CallingHours, 'weekday'> | null {
  const match = /^(\d{1,2})(?::(\d\d))?-(\d{1,2})(?::(\d\d))?$/.exec(token)
  if (!match) return null
  const [fromHour = 0, fromMinutes = 0, toHour = 0, toMinutes = 0] = match.slice(1).map((part) => Number(part ?? 0))
  const fromMinute = fromHour * 60 + fromMinutes
  const toMinute = toHour * 60 + toMinutes
  if (fromMinutes > 59 || toMinutes > 59 || toMinute > 24 * 60) throw new UserError(`"${token}" is no time of a day.`)
  if (fromMinute >= toMinute) throw new UserError(`"${token}" ends before it begins. Hours after midnight are the next day's.`)
  return { fromMinute, toMinute }
}

/** `mon-fri`, `sat`, `mon,wed-fri`: weekdays from 1, Monday. */
function readDays(token: string): number[] {
  return token.split(',').flatMap((part) => {
    const [first = '', last = first, ...more] = part.split('-')
    const from = weekdays.indexOf(first)
    const to = weekdays.indexOf(last)
    if (from === -1 || to === -1 || from > to || more.length > 0)
      throw new UserError(`"${token}" is neither days (mon-fri, sat) nor hours (9:00-18:00).`)
    return weekdays.slice(from, to + 1).map((_, index) => from + index + 1)
  })
}

function refuseOverlaps(hours: CallingHours[]): void {
  const inOrder = hours.toSorted((a, b) => a.weekday - b.weekday || a.fromMinute - b.fromMinute)
  inOrder.forEach((each, index) => {
    const next = inOrder[index + 1]
    if (next?.weekday === each.weekday && next.fromMinute < each.toMinute)
      throw new UserError(`The hours of ${weekdays[each.weekday - 1]} overlap.`)
  })
}
