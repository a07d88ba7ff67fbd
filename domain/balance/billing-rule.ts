/**
 * Bills talk in whole blocks. Brazilian carriers usually use 30+6 with 3 s free: up to 3 s costs nothing, then at least 30 s, then
 * steps of 6 s.
 */
export interface BillingRule {
  firstBlockSeconds: number
  nextBlockSeconds: number
  freeSeconds: number
  /** The call takes no minutes (0800, emergency). */
  freeOfCharge?: boolean
}

/** The seconds of balance that a talk of `talkSeconds` costs. */
export function billedSeconds(talkSeconds: number, rule: BillingRule): number {
  if (rule.freeOfCharge || talkSeconds <= rule.freeSeconds) return 0
  if (talkSeconds <= rule.firstBlockSeconds) return rule.firstBlockSeconds
  const steps = Math.ceil((talkSeconds - rule.firstBlockSeconds) / rule.nextBlockSeconds)
  return rule.firstBlockSeconds + steps * rule.nextBlockSeconds
}

/** The largest cost in whole blocks that `seconds` of balance pay for; 0 when not even the first block fits. */
export function wholeBlocks(seconds: number, rule: BillingRule): number {
  if (seconds < rule.firstBlockSeconds) return 0
  const steps = Math.floor((seconds - rule.firstBlockSeconds) / rule.nextBlockSeconds)
  return rule.firstBlockSeconds + steps * rule.nextBlockSeconds
}

/** The longest talk that `heldSeconds` pay for: the inverse of `billedSeconds`. */
export function talkCoveredBy(heldSeconds: number, rule: BillingRule): number {
  return Math.max(wholeBlocks(heldSeconds, rule), rule.freeSeconds)
}

/** Talk in whole seconds, rounded up as on a telephone bill; 0 if the clock jumped back. */
export function talkSeconds(answeredAt: Date, until: Date): number {
  return wholeSeconds(until.getTime() - answeredAt.getTime())
}

export function wholeSeconds(talkMs: number): number {
  return Math.max(0, Math.ceil(talkMs / 1000))
}
