import { readWholeNumber } from '../runtime/whole-number.ts'
import type { BillingRule } from './billing-rule.ts'

export type BillingBlocks = Pick<BillingRule, 'firstBlockSeconds' | 'nextBlockSeconds'>

export const longestBlockSeconds = 3600

/** `30+6`: the first block and each following one, 1 to 3600 seconds. Null for what is not two blocks. */
export function readBillingBlocks(text: string): BillingBlocks | null {
  const parts = text.split('+')
  if (parts.length !== 2) return null
  const [first = null, next = null] = parts.map((part) => readWholeNumber(part, 1, longestBlockSeconds))
  return first === null || next === null ? null : { firstBlockSeconds: first, nextBlockSeconds: next }
}

export function formatBillingBlocks({ firstBlockSeconds, nextBlockSeconds }: BillingBlocks): string {
  return `${firstBlockSeconds}+${nextBlockSeconds}`
}
