import { parsePhoneNumberFromString } from 'libphonenumber-js/max'

/** What a number turned out to be. `e164` has the leading plus, `+5511987654321`. */
export type ParsedNumber = { kind: 'number'; e164: string; type: 'mobile' | 'fixed' } | { kind: 'blocked' } | { kind: 'invalid' }

/**
 * Reads a Brazilian number as people write it: with or without +55, the trunk 0, a carrier code
 * (0 15 11 …), the area code (then `defaultAreaCode`, two digits, is taken) or a mobile's ninth digit.
 * Only ordinary fixed and mobile numbers may be called; premium, toll-free, shared-cost, collect, short and
 * international ones are `blocked`.
 */
export function parsePhoneNumber(raw: string, defaultAreaCode: string): ParsedNumber {
  if (raw.length > 40 || !/^[\d\s()+./-]+$/.test(raw.trim()) || /[\r\n]/.test(raw)) return { kind: 'invalid' }
  const digits = raw.replace(/\D/g, '')
  if (isSpecial(digits) || (raw.trim().startsWith('+') && !digits.startsWith('55'))) return { kind: 'blocked' }
  const national = repairNinthDigit(nationalPart(digits, raw.trim().startsWith('+'), defaultAreaCode))
  if (national === null) return { kind: 'invalid' }
  if (/^\d\d[34]00[34]\d{4}$/.test(national)) return { kind: 'blocked' } // 11 4004-1234 is the shared-cost 4004-1234
  const number = parsePhoneNumberFromString(`+55${national}`)
  if (!number?.isValid() || number.country !== 'BR') return { kind: 'invalid' }
  const type = number.getType()
  if (type === 'MOBILE') return { kind: 'number', e164: number.number, type: 'mobile' }
  if (type === 'FIXED_LINE') return { kind: 'number', e164: number.number, type: 'fixed' }
  return { kind: 'blocked' }
}

/** `+5511987654321` as Brazilians write it: `(11) 98765-4321`. What is not such a number comes back as it is. */
export function formatPhoneNumber(e164: string): string {
  const match = /^\+55(\d\d)(\d{4,5})(\d{4})$/.exec(e164)
  return match ? `(${match[1]}) ${match[2]}-${match[3]}` : e164
}

/** Short codes, collect (90…), international (00…), 0300/0500/0800/0900 and 3003/400x without area code. */
function isSpecial(digits: string): boolean {
  return (
    /^1\d{2,4}$/.test(digits) ||
    /^90(90|\d\d\d\d)\d{8,}/.test(digits) ||
    /^00/.test(digits) ||
    /^0?[3589]0[0-9]\d{6,7}$/.test(digits) ||
    /^(3003|400\d|4020|4062|4090)\d{4}$/.test(digits)
  )
}

/** The area code and number, or null. A leading 55 is the country only where what follows is long enough to be a whole number. */
function nationalPart(digits: string, international: boolean, defaultAreaCode: string): string | null {
  if (international || (digits.startsWith('55') && digits.length >= 12)) {
    return digits.slice(2).replace(/^0/, '')
  }
  const local = digits.replace(/^0/, '')
  if (local.length === 8 || local.length === 9) return defaultAreaCode + local
  if (digits.startsWith('0') && (local.length === 12 || local.length === 13)) return local.slice(2) // carrier code
  return local.length === 10 || local.length === 11 ? local : null
}

/**
 * Mobiles got a ninth digit, a 9, between 2012 and 2016. An old 8-digit one that starts with 6 to 8 gets it; one that
 * starts with 9 is more likely a new one with a digit missing, and a guess would ring a stranger.
 */
function repairNinthDigit(national: string | null): string | null {
  return national !== null && /^\d\d[6-8]\d{7}$/.test(national) ? `${national.slice(0, 2)}9${national.slice(2)}` : national
}
