import { InvalidArgumentError } from 'commander'
import { parsePhoneNumber } from '../domain/telephony/phone-numbers.ts'

/** Readers of what was typed, for commander: each returns the value or throws the sentence that says what is wanted. */

export function wholeNumber(from: number, to: number) {
  return (text: string): number => {
    if (!/^\d{1,9}$/.test(text) || Number(text) < from || Number(text) > to)
      throw new InvalidArgumentError(`A whole number from ${from} to ${to} is wanted.`)
    return Number(text)
  }
}

/** `+90`, `-90`, `90`: seconds more or fewer. */
export function signedSeconds(text: string): number {
  if (!/^[+-]?\d{1,9}$/.test(text) || Number(text) === 0)
    throw new InvalidArgumentError('Seconds more (+90) or fewer (-90) are wanted, and not zero.')
  return Number(text)
}

export function textUpTo(length: number) {
  return (text: string): string => {
    const trimmed = text.trim()
    if (trimmed === '' || trimmed.length > length) throw new InvalidArgumentError(`Between 1 and ${length} characters are wanted.`)
    return trimmed
  }
}

/** `2026-11-24`. */
export function day(text: string): string {
  const at = new Date(`${text}T00:00:00Z`)
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== text)
    throw new InvalidArgumentError('A day such as 2026-11-24 is wanted.')
  return text
}

/** A company's own number: an ordinary Brazilian line, with its area code. Returns E.164. */
export function ownNumber(text: string): string {
  const number = parsePhoneNumber(text, '')
  if (number.kind !== 'number' || !['fixed', 'mobile'].includes(number.class) || number.e164 === null)
    throw new InvalidArgumentError('A Brazilian fixed or mobile number is wanted, with its area code: (11) 3210-4000.')
  return number.e164
}

/** The name of a carrier's endpoint, as in local/trunks.conf. */
export function endpoint(text: string): string {
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(text))
    throw new InvalidArgumentError('The name of an endpoint is wanted: lower-case letters, digits and dashes.')
  return text
}

/** For an option that may be given again: `each(endpoint)`. */
export function each<T>(read: (text: string) => T) {
  return (text: string, before: T[] | undefined): T[] => [...(before ?? []), read(text)]
}
