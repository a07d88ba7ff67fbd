let offsetMs = 0

/** The time by the server's clock, in ms: agents' computers are often minutes off. */
export function serverNow(): number {
  return Date.now() + offsetMs
}

/** Takes the server's time from the headers of a response. */
export function noteServerTime(headers: Headers): void {
  const seconds = Date.parse(headers.get('date') ?? '')
  // The header counts whole seconds: it is right to half a second at best, so a small difference is no news.
  const difference = seconds + 500 - Date.now()
  if (Number.isFinite(difference) && Math.abs(difference - offsetMs) > 1000) offsetMs = difference
}
