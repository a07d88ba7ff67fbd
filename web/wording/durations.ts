import type { Locale } from '../../domain/database/schema.ts'
import type { Translate } from '../locales/translate.ts'

/** `36 s`, `1 min 24 s`, `1 h 02 min`. */
export function durationText(seconds: number, t: Translate): string {
  const whole = Math.round(seconds)
  if (whole < 60) return t('duration.seconds', { seconds: whole })
  if (whole < 3600) return t('duration.minutes', { minutes: Math.floor(whole / 60), seconds: twoDigits(whole % 60) })
  return t('duration.hours', { hours: Math.floor(whole / 3600), minutes: twoDigits(Math.floor((whole % 3600) / 60)) })
}

/** Seconds as minutes with at most one decimal: `0,6`. */
export function minutesText(seconds: number, locale: Locale): string {
  return countText(seconds / 60, locale)
}

/** Seconds as minutes, rounded down: `312`. */
export function wholeMinutesText(seconds: number, locale: Locale): string {
  return countText(Math.floor(seconds / 60), locale)
}

/** A count as people of that language write it: `18.732`. */
export function countText(count: number, locale: Locale): string {
  return count.toLocaleString(locale, { maximumFractionDigits: 1 })
}

/** A movement of the balance: `+3.600 s`, `−36 s`, with a true minus sign. */
export function movementText(seconds: number, locale: Locale): string {
  return `${seconds < 0 ? '−' : '+'}${countText(Math.abs(seconds), locale)} s`
}

/** `00:42`, `1:00:05`, as a clock that runs. */
export function timerText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const hours = Math.floor(whole / 3600)
  return `${hours > 0 ? `${hours}:` : ''}${twoDigits(Math.floor(whole / 60) % 60)}:${twoDigits(whole % 60)}`
}

function twoDigits(count: number): string {
  return String(count).padStart(2, '0')
}
