let offsetMs = 0

/** The time of the server's clock, in ms. The clocks of agents' computers are often minutes off. */
export function serverNow(): number {
  return Date.now() + offsetMs
}

/** Reads the server's time from the `Date` header of a response. */
export function setServerTime(headers: Headers): void {
  const seconds = Date.parse(headers.get('date') ?? '')
  // The header has whole seconds, so it is exact to half a second at best: ignore small differences.
  const difference = seconds + 500 - Date.now()
  if (Number.isFinite(difference) && Math.abs(difference - offsetMs) > 1000) offsetMs = difference
}
