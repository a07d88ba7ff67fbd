import { localTime } from '../domain/runtime/local-time.ts'
import { formatMinuteOfDay } from '../domain/runtime/minute-of-day.ts'

/** A date and time in a time zone: `2026-11-24 09:05`. */
export function formatTime(at: Date, timeZone: string): string {
  const { day, minuteOfDay } = localTime(at, timeZone)
  return `${day} ${formatMinuteOfDay(minuteOfDay)}`
}
