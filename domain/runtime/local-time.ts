/** A local date and time. */
export interface LocalTime {
  /** `2026-11-24` */
  day: string
  /** 1 = Monday … 7 = Sunday. */
  weekday: number
  minuteOfDay: number
}

/** The local time in `timeZone` (`America/Sao_Paulo`). */
export function localTime(at: Date, timeZone: string): LocalTime {
  const minute = Math.floor(at.getTime() / 60_000)
  const known = newest.get(timeZone)
  if (known?.minute === minute) return known.shown
  const shown = readClock(at, timeZone)
  newest.set(timeZone, { minute, shown })
  return shown
}

/** Caches the last minute: most callers ask for the present, several times per call. */
const newest = new Map<string, { minute: number; shown: LocalTime }>()

function readClock(at: Date, timeZone: string): LocalTime {
  const [year, month, dayOfMonth, hour, minute] = formatter(timeZone).format(at).match(/\d+/g) ?? []
  const day = `${year}-${month}-${dayOfMonth}`
  return { day, weekday: new Date(`${day}T00:00:00Z`).getUTCDay() || 7, minuteOfDay: Number(hour) * 60 + Number(minute) }
}

/** The month in a time zone: `2026-11`. */
export function localMonth(at: Date, timeZone: string): string {
  return localTime(at, timeZone).day.slice(0, 7)
}

/** The start of the month after `month` in `timeZone`, to the minute. */
export function endOfMonth(month: string, timeZone: string): Date {
  const [year = 0, number = 0] = month.split('-').map(Number)
  return startOfDay(new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 10), timeZone)
}

/** The start of a day (`2026-11-24`) in `timeZone`, to the minute. */
export function startOfDay(day: string, timeZone: string): Date {
  return atLocalTime(day, 0, timeZone)
}

/** The next day, as `2026-11-24`. */
export function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
}

/** The time at which a local day reaches a minute in `timeZone`. */
export function atLocalTime(day: string, minuteOfDay: number, timeZone: string): Date {
  const guess = Date.parse(`${day}T00:00:00Z`) + minuteOfDay * 60_000
  // The local time at the guess shows its error. Two rounds, because the offset may change that night.
  const offsetAt = (ms: number) => {
    const { day, minuteOfDay } = localTime(new Date(ms), timeZone)
    return Date.parse(`${day}T00:00:00Z`) + minuteOfDay * 60_000 - ms
  }
  return new Date(guess - offsetAt(guess - offsetAt(guess)))
}

// Creating a formatter costs a hundred times more than using one.
const formatters = new Map<string, Intl.DateTimeFormat>()

function formatter(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone)
  if (known) return known
  // Canadian English has the format `2026-11-24, 14:05`.
  const options = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  const made = new Intl.DateTimeFormat('en-CA', { ...options, timeZone })
  formatters.set(timeZone, made)
  return made
}
