/**
 * National holidays of Brazil: Lei 662/1949 with Lei 10.607/2002 (1 Jan, 21 Apr, 1 May, 7 Sep, 2 Nov, 15 Nov, 25 Dec), Lei
 * 6.802/1980 (12 Oct), Lei 14.759/2023 (20 Nov, from 2024), and Good Friday (Lei 9.093/1995). Carnival is none by law.
 */
export function isNationalHoliday(day: string): boolean {
  const [year = 0] = day.split('-').map(Number)
  if (fixed.includes(day.slice(5))) return true
  if (day.endsWith('-11-20')) return year >= 2024
  return day === goodFriday(year)
}

const fixed = ['01-01', '04-21', '05-01', '09-07', '10-12', '11-02', '11-15', '12-25']

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
