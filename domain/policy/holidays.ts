/**
 * The Brazilian national holiday on a day, or null: Lei 662/1949 with Lei 10.607/2002 (1 Jan, 21 Apr, 1 May, 7 Sep, 2 Nov, 15 Nov,
 * 25 Dec), Lei 6.802/1980 (12 Oct), Lei 14.759/2023 (20 Nov, from 2024), and Good Friday (Lei 9.093/1995). Carnival is not a
 * national holiday by law.
 */
export function nationalHoliday(day: string): Holiday | null {
  const [year = 0] = day.split('-').map(Number)
  if (day.endsWith('-11-20') && year < 2024) return null
  return fixed[day.slice(5)] ?? (day === goodFriday(year) ? 'good-friday' : null)
}

/** Each has its name in web/locales. */
export const holidays = [
  'new-year',
  'good-friday',
  'tiradentes',
  'labour-day',
  'independence',
  'aparecida',
  'all-souls',
  'republic',
  'black-awareness',
  'christmas',
] as const

export type Holiday = (typeof holidays)[number]

const fixed: Record<string, Holiday> = {
  '01-01': 'new-year',
  '04-21': 'tiradentes',
  '05-01': 'labour-day',
  '09-07': 'independence',
  '10-12': 'aparecida',
  '11-02': 'all-souls',
  '11-15': 'republic',
  '11-20': 'black-awareness',
  '12-25': 'christmas',
}

/** Two days before Easter Sunday; Gregorian computus (Meeus, Jones and Butcher). */
function goodFriday(year: number): string {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const d = Math.floor(b / 4)
  const e = b % 4
  const g = Math.floor((8 * b + 13) / 25)
  const h = (19 * a + b - d - g + 15) % 30
  const i = Math.floor(c / 4)
  const k = c % 4
  const l = (32 + 2 * e + 2 * i - h - k) % 7
  const m = Math.floor((a + 11 * h + 19 * l) / 433)
  const month = Math.floor((h + l - 7 * m + 90) / 25)
  const dayOfMonth = (h + l - 7 * m + 33 * month + 19) % 32
  return new Date(Date.UTC(year, month - 1, dayOfMonth - 2)).toISOString().slice(0, 10)
}
