import { parsePhoneNumber } from './phone-numbers.ts'

/** The digits that a carrier gets as caller id: 551132104000, and 03031234567, 08001234567 or 40041234 for a special number. */
export function callerIdDigits(e164: string): string {
  const number = parsePhoneNumber(e164, '')
  return number.kind === 'number' ? number.dial : e164.slice(1)
}

/** The number of such digits, E.164; null for any other text. */
export function readCallerId(digits: string): string | null {
  const number = parsePhoneNumber(digits, '')
  return number.kind === 'number' ? number.e164 : null
}
