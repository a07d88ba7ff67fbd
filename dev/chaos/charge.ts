/**
 * The company's billing rule, computed as a customer would with a pencil. It shares no code with the charging code, so that it
 * can find mistakes there.
 */
export interface Rule {
  /** Talk up to this length is free. */
  freeSeconds: number
  /** The first block. */
  firstSeconds: number
  /** Every further block. */
  stepSeconds: number
}

export function chargeFor(talkMs: number, { freeSeconds, firstSeconds, stepSeconds }: Rule): number {
  // A started second counts.
  const talked = Math.ceil(Math.max(0, talkMs) / 1000)
  if (talked <= freeSeconds) return 0
  let charge = firstSeconds
  while (charge < talked) charge += stepSeconds
  return charge
}

/** The largest charge that a balance of `seconds` can pay. */
export function payable(seconds: number, { firstSeconds, stepSeconds }: Rule): number {
  if (seconds < firstSeconds) return 0
  return seconds - ((seconds - firstSeconds) % stepSeconds)
}
