import type { Locale } from '../../domain/database/schema.ts'
import type { Translate } from '../locales/translate.ts'

/** A moment as a page shows it: relative for today and the days beside it, absolute on hover. */
export interface FormattedTime {
  iso: string
  text: string
  full: string
}

interface Place {
  locale: Locale
  timeZone: string
  t: Translate
}

export function formatMoment(at: Date, now: Date, place: Place): FormattedTime {
  const day = dayText(at, now, place)
  const time = format(place, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, at)
  return { iso: at.toISOString(), text: place.t('day.at', { day, time }), full: fullText(at, place) }
}

/** `hoje`, `ontem`, `amanhã`, `12 de nov.`, and with the year when it is another one. */
export function dayText(at: Date, now: Date, place: Place): string {
  const day = dayNumber(at, place.timeZone)
  const today = dayNumber(now, place.timeZone)
  if (day === today) return place.t('day.today')
  if (day === today - 1) return place.t('day.yesterday')
  if (day === today + 1) return place.t('day.tomorrow')
  const sameYear = format(place, { year: 'numeric' }, at) === format(place, { year: 'numeric' }, now)
  return format(place, { day: 'numeric', month: 'short', ...(sameYear ? {} : { year: 'numeric' }) }, at)
}

/** `24/11/2026` for `2026-11-24`, as it is written in forms and sheets. */
export function dateText(day: string, locale: Locale): string {
  return formatter(locale, 'UTC', { dateStyle: 'short' }).format(new Date(`${day}T12:00:00Z`))
}

/** `14:32:07`, for times that are compared with each other. */
export function clockText(at: Date, place: Place): string {
  return format(place, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }, at)
}

/** `2026-11` as `novembro de 2026`; what is no month comes back as it is. */
export function monthText(month: string, locale: Locale): string {
  if (!/^\d{4}-\d\d$/.test(month)) return month
  return formatter(locale, 'UTC', { month: 'long', year: 'numeric' }).format(new Date(`${month}-15T00:00:00Z`))
}

/** `Brasília`: the label beside it says that it is a time zone. */
export function zoneName(now: Date, { locale, timeZone }: Place): string {
  const parts = formatter(locale, timeZone, { timeZoneName: 'longGeneric' }).formatToParts(now)
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone
  return name.replace(/^Horário (Padrão )?d[aeo] | (Standard )?Time$/g, '')
}

function fullText(at: Date, place: Place): string {
  return format(place, { dateStyle: 'full', timeStyle: 'medium' }, at)
}

/** Days since 1970 in the company's calendar. */
function dayNumber(at: Date, timeZone: string): number {
  const date = formatter('en-CA', timeZone, { year: 'numeric', month: '2-digit', day: '2-digit' }).format(at)
  return Date.parse(`${date}T00:00:00Z`) / 86_400_000
}

function format({ locale, timeZone }: Place, options: Intl.DateTimeFormatOptions, at: Date): string {
  return formatter(locale, timeZone, options).format(at)
}

// Making a formatter costs a hundred times more than using one.
const formatters = new Map<string, Intl.DateTimeFormat>()

function formatter(locale: string, timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([locale, timeZone, options])
  const known = formatters.get(key)
  if (known) return known
  const made = new Intl.DateTimeFormat(locale, { ...options, timeZone })
  formatters.set(key, made)
  return made
}
