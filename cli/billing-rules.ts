import { InvalidArgumentError } from 'commander'
import type { BillingRule } from '../domain/balance/billing-rule.ts'
import { billingRuleOf } from '../domain/tenants/tenants.ts'

/** `30+6`: the seconds of the first block and of each that follows. */
export function readBlocks(text: string): { first: number; next: number } {
  const [, first, next] = (/^(\d{1,4})\+(\d{1,4})$/.exec(text) ?? []).map(Number)
  if (first === undefined || next === undefined || !isBlock(first) || !isBlock(next))
    throw new InvalidArgumentError('Two blocks of 1 to 3600 seconds are wanted, such as 30+6.')
  return { first, next }
}

function isBlock(seconds: number): boolean {
  return seconds >= 1 && seconds <= 3600
}

/** `30+6, 3 s free`. */
export function billingWords(row: Parameters<typeof billingRuleOf>[0]): string {
  const rule: BillingRule = billingRuleOf(row)
  return `${rule.firstBlockSeconds}+${rule.nextBlockSeconds}, ${rule.freeSeconds} s free`
}
