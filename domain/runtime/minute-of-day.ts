/** Minutes since midnight of `9`, `9:05` or `24:00`, or null when no clock shows it. */
export function readMinuteOfDay(text: string): number | null {
  const [, hours, minutes = '0'] = /^(\d{1,2})(?::(\d\d))?$/.exec(text) ?? []
  const minute = Number(hours) * 60 + Number(minutes)
  return hours === undefined || Number(minutes) > 59 || minute > 24 * 60 ? null : minute
}

/** 545 as `09:05`; the end of a day is `24:00`. */
export function formatMinuteOfDay(minute: number): string {
  const twoDigits = (count: number) => String(count).padStart(2, '0')
  return `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`
}
