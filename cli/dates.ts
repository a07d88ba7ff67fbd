import { localTime } from '../domain/runtime/local-time.ts'

/** Where prices and trunks that belong to nobody have their days. */
export const serverTimeZone = 'America/Sao_Paulo'

/** A moment as the clocks of a time zone show it: `2026-11-24 09:05`. */
export function momentWords(at: Date, timeZone: string): string {
  const { day, minuteOfDay } = localTime(at, timeZone)
  return `${day} ${clockWords(minuteOfDay)}`
}

/** `9:05` as 09:05, for a minute of the day; midnight at its end is 24:00. */
export function clockWords(minuteOfDay: number): string {
  const twoDigits = (count: number) => String(count).padStart(2, '0')
  return `${twoDigits(Math.floor(minuteOfDay / 60))}:${twoDigits(minuteOfDay % 60)}`
}
