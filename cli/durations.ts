/** Seconds of a balance: `62 min 30 s`, `-36 s`, `300 min`. */
export function formatDuration(seconds: number): string {
  const sign = seconds < 0 ? '-' : ''
  const minutes = Math.floor(Math.abs(seconds) / 60)
  const rest = Math.abs(seconds) % 60
  if (minutes === 0) return `${sign}${rest} s`
  return rest === 0 ? `${sign}${minutes} min` : `${sign}${minutes} min ${rest} s`
}

/** The same with a plus sign for what is added: `+5 min`. */
export function formatMovement(seconds: number): string {
  return seconds > 0 ? `+${formatDuration(seconds)}` : formatDuration(seconds)
}
