import type { CallingHours } from '../../domain/policy/calling-hours.ts'
import type { Locale } from '../../domain/database/schema.ts'
import type { Translate } from '../locales/translate.ts'

/** `seg–sex, 9h–18h; sáb, 9h–12h e 13h–16h`. Days with the same hours that follow each other are said together. */
export function hoursText(hours: readonly CallingHours[], locale: Locale, t: Translate): string {
  const stretches: { from: number; to: number; spans: string }[] = []
  for (const [day, spans] of spansByDay(hours, locale)) {
    const last = stretches.at(-1)
    if (last?.to === day - 1 && last.spans === spans) last.to = day
    else stretches.push({ from: day, to: day, spans })
  }
  return stretches.length === 0 ? t('hours.any') : stretches.map(({ from, to, spans }) => `${days(from, to, locale)}, ${spans}`).join('; ')
}

function spansByDay(hours: readonly CallingHours[], locale: Locale): [day: number, spans: string][] {
  const spans = (day: number) =>
    hours
      .filter(({ weekday }) => weekday === day)
      .map(({ fromMinute, toMinute }) => `${clock(fromMinute, locale)}–${clock(toMinute, locale)}`)
  return [1, 2, 3, 4, 5, 6, 7]
    .map((day): [number, string] => [day, new Intl.ListFormat(locale).format(spans(day))])
    .filter(([, text]) => text !== '')
}

function days(from: number, to: number, locale: Locale): string {
  return from === to ? dayName(from, locale) : `${dayName(from, locale)}–${dayName(to, locale)}`
}

/** `seg`, `Mon`. */
function dayName(weekday: number, locale: Locale): string {
  // The fifth of January 1970 was a Monday.
  const name = new Date(Date.UTC(1970, 0, 4 + weekday)).toLocaleDateString(locale, { weekday: 'short', timeZone: 'UTC' })
  return name.replace('.', '')
}

/** `9h`, `9h30`; in English `9`, `9:30`. */
function clock(minuteOfDay: number, locale: Locale): string {
  const [hour, minute] = [Math.floor(minuteOfDay / 60), minuteOfDay % 60]
  const rest = minute === 0 ? '' : String(minute).padStart(2, '0')
  if (locale === 'pt-BR') return `${hour}h${rest}`
  return rest === '' ? String(hour) : `${hour}:${rest}`
}
