/**
 * How talk becomes billed seconds, in whole blocks. The usual rule of Brazilian carriers is 30+6 with 3 s free:
 * up to 3 s costs nothing, then 30 s at least, then steps of 6 s.
 */
export interface BillingRule {
  firstBlockSeconds: number
  nextBlockSeconds: number
  freeSeconds: number
  /** A call that takes no minutes, however long (0800, emergency). */
  freeOfCharge?: boolean
}

/** What a talk of `talkSeconds` costs, in seconds of balance. */
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

/** How long one may talk on `heldSeconds`: the inverse of `billedSeconds`. */
export function talkCoveredBy(heldSeconds: number, rule: BillingRule): number {
  return Math.max(wholeBlocks(heldSeconds, rule), rule.freeSeconds)
}

/** Talk in whole seconds: a second that has begun counts, as on a telephone bill. A clock that jumped back counts nothing. */
export function talkSeconds(answeredAt: Date, until: Date): number {
  return wholeSeconds(until.getTime() - answeredAt.getTime())
}

export function wholeSeconds(talkMs: number): number {
  return Math.max(0, Math.ceil(talkMs / 1000))
}
