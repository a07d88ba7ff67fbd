import { InvalidArgumentError } from 'commander'
import { readBillingBlocks } from '../domain/balance/billing-blocks.ts'
import { readReais } from '../domain/balance/money.ts'
import { readDay } from '../domain/runtime/calendar-day.ts'
import { readWholeNumber } from '../domain/runtime/whole-number.ts'
import { readDidNumber } from '../domain/telephony/did-numbers.ts'
import { isNumberForm, isNumberPrefix } from '../domain/telephony/number-form.ts'
import { isTrunkEndpoint } from '../domain/telephony/trunks.ts'
import { isSlug } from '../domain/tenants/slug.ts'

/** A parser for commander: the value that `read` returns, or for null an error that says what the argument must be. */
export function argument<T>(read: (text: string) => T | null, mustBe: string) {
  return (text: string): T => {
    const value = read(text)
    if (value === null) throw new InvalidArgumentError(`It must be ${mustBe}.`)
    return value
  }
}

export const billingBlocks = argument(readBillingBlocks, 'two blocks of 1 to 3600 seconds, such as 30+6')
export const day = argument(readDay, 'a day such as 2026-11-24')
export const didNumber = argument(
  readDidNumber,
  'a Brazilian fixed or mobile number with its area code, such as (11) 3210-4000, or one that starts with 0300, 0303, 0800 or 4004',
)
export const numberForm = argument(
  (text) => (isNumberForm(text) ? text : null),
  'e164, +e164, national, 0, or 0 and a carrier code, as in 015',
)
export const numberPrefix = argument((text) => (isNumberPrefix(text) ? text : null), 'up to twelve digits')
export const reais = argument(readReais, 'an amount up to R$ 1000 with at most six decimals, such as 0,039 or 0.039')
export const newSlug = argument(
  (text) => (isSlug(text) ? text : null),
  '2 to 31 lower-case letters, digits and dashes, with a letter first; the word "all" is reserved',
)
export const trunkEndpoint = argument(
  (text) => (isTrunkEndpoint(text) ? text : null),
  'the name of an endpoint: lower-case letters, digits and dashes',
)

export function wholeNumber(from: number, to: number) {
  return argument((text) => readWholeNumber(text, from, to), `a whole number from ${from} to ${to}`)
}

/** `+90`, `-90`, `90` */
export const signedSeconds = argument((text) => {
  const seconds = /^[+-]?\d{1,9}$/.test(text) ? Number(text) : 0
  return seconds === 0 ? null : seconds
}, 'seconds to add (+90) or to take away (-90), and not zero')

export function textUpTo(length: number) {
  return argument((text) => {
    const trimmed = text.trim()
    return trimmed === '' || trimmed.length > length ? null : trimmed
  }, `a text of 1 to ${length} characters`)
}

/** For an option that may be repeated: collects its values. */
export function repeatable<T>(parse: (text: string) => T) {
  return (text: string, before: T[] | undefined): T[] => [...(before ?? []), parse(text)]
}
