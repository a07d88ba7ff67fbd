/**
 * The company's rule as a customer would check it with a pencil. Nothing here comes from the code that charges: a mistake there
 * must not excuse itself.
 */
export interface Rule {
  /** Talk up to here costs nothing. */
  freeSeconds: number
  /** Then this much at least, */
  firstSeconds: number
  /** and more in steps of this. */
  stepSeconds: number
}

export function chargeFor(talkMs: number, { freeSeconds, firstSeconds, stepSeconds }: Rule): number {
  // A second that has begun counts.
  const talked = Math.ceil(Math.max(0, talkMs) / 1000)
  if (talked <= freeSeconds) return 0
  let charge = firstSeconds
  while (charge < talked) charge += stepSeconds
  return charge
}

/** The largest charge that `seconds` can pay. */
export function payable(seconds: number, { firstSeconds, stepSeconds }: Rule): number {
  if (seconds < firstSeconds) return 0
  return seconds - ((seconds - firstSeconds) % stepSeconds)
}
