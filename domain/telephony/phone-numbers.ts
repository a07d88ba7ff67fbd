import { parsePhoneNumberFromString, type PhoneNumber } from 'libphonenumber-js/max'
import type { DestinationClass } from './destination-classes.ts'

/** The most characters that are parsed: no phone number is longer. */
export const longestField = 400

/** Why a text is not a number. */
export type NumberFault = 'empty' | 'characters' | 'length' | 'area-code' | 'several' | 'ninth-digit' | 'unknown'

/**
 * The result of parsing a text.
 *   e164   with the leading plus, `+5511987654321`; null for numbers without an E.164 form (190, collect)
 *   dial   digits as carriers expect them: 5511987654321, 14155552671, 08001234567, 40041234, 190
 */
export type ParsedNumber =
  { kind: 'number'; class: DestinationClass; e164: string | null; dial: string } | { kind: 'invalid'; fault: NumberFault }

/**
 * Parses a number as people in Brazil write it: with or without +55, the trunk 0, a carrier code (0 15 11 …), the area code
 * (default: `defaultAreaCode`, two digits), or a mobile's ninth digit. This one rule serves typed, imported, clicked and dialled
 * numbers. The E.164 form parses to itself. Policy decides whether it may be called (destination-rules.ts). Numbering: Anatel's
 * plan, with libphonenumber's metadata for what exists.
 */
export function parsePhoneNumber(raw: string, defaultAreaCode: string): ParsedNumber {
  if (raw.length > longestField) return invalid('length')
  if (raw.length > 40) return splitNumbers(raw).length > 1 ? invalid('several') : invalid('length')
  if (raw.trim() === '') return invalid('empty')
  if (/[\r\n]/.test(raw)) return invalid('characters')
  if (splitNumbers(raw).length > 1) return invalid('several')
  const text = tidy(raw)
  if (!/^\+?[\d\s().-]+$/.test(text)) return invalid('characters')
  const digits = text.replace(/\D/g, '')
  if (text.startsWith('+') && !digits.startsWith('55')) return international(`+${digits}`)
  if (digits.startsWith('00')) return abroad(digits, defaultAreaCode)
  return special(digits, text.startsWith('+')) ?? ordinary(text, digits, defaultAreaCode)
}

/** All numbers in a field that may hold several: `(11) 98765-4321 / (11) 3333-4444`. A field beyond the length limit holds none. */
export function parsePhoneNumbers(raw: string, defaultAreaCode: string): ParsedNumber[] {
  if (raw.length > longestField) return [invalid('length')]
  const parts = splitNumbers(raw)
  return (parts.length > 1 ? parts : [raw]).map((part) => parsePhoneNumber(part, defaultAreaCode))
}

/** Formats `+5511987654321` as `(11) 98765-4321`. Returns other numbers unchanged. */
export function formatPhoneNumber(e164: string): string {
  const ordinary = /^\+55(\d\d)(\d{4,5})(\d{4})$/.exec(e164)
  const nonGeographic = /^\+55([3589]0[03])(\d{3})(\d{3,4})$/.exec(e164)
  if (nonGeographic) return `0${nonGeographic[1]} ${nonGeographic[2]} ${nonGeographic[3]}`
  if (ordinary) return `(${ordinary[1]}) ${ordinary[2]}-${ordinary[3]}`
  return e164.replace(/^\+55(\d{4})(\d{4})$/, '$1-$2')
}

function invalid(fault: NumberFault): ParsedNumber {
  return { kind: 'invalid', fault }
}

/** Only complete numbers on both sides of a separator count as two. */
function splitNumbers(raw: string): string[] {
  return raw.split(/[/;,|\n]|\s(?:e|ou|or|and)\s/i).filter((part) => part.replace(/\D/g, '').length >= 8)
}

/** Prefixes that CRMs and phone books add: `tel:`, `(0)11`, `0xx11`. */
function tidy(raw: string): string {
  return raw
    .trim()
    .replace(/^tel:/i, '')
    .replace(/\(0\)/g, '')
    .replace(/^\(?0xx(\d\d)\)?/i, '0$1')
}

/** Numbers that are not a person's line: emergency, short, collect, and those that start with 0300 to 0900 or 400x. */
function special(digits: string, withCountry: boolean): ParsedNumber | null {
  const national = hasCountry(digits, withCountry) ? digits.slice(2) : digits
  if (!withCountry && /^19[023]$/.test(digits)) return { kind: 'number', class: 'emergency', e164: null, dial: digits }
  if (!withCountry && /^1\d{2,4}$/.test(digits)) return { kind: 'number', class: 'short-code', e164: null, dial: digits }
  // 9090 + local number, or 90 + carrier code + area code + number: collect calls, which the called party pays.
  if (!withCountry && /^90(90\d{8,9}|\d\d[1-9]{2}\d{8,9})$/.test(digits))
    return { kind: 'number', class: 'collect', e164: null, dial: digits }
  const withoutTrunk = /^0?([3589]0[03]\d{6,7})$/.exec(national)?.[1]
  if (withoutTrunk !== undefined) {
    const destination = withoutTrunk.startsWith('800') ? 'toll-free' : 'premium'
    return { kind: 'number', class: destination, e164: `+55${withoutTrunk}`, dial: `0${withoutTrunk}` }
  }
  const local = /^0?((?:300[34]|400\d|4020|4062|4090)\d{4})$/.exec(national)?.[1]
  return local === undefined ? null : sharedCost(local)
}

/** 4004-1234: costs a local call from everywhere, and has no area code. */
function sharedCost(local: string): ParsedNumber {
  return { kind: 'number', class: 'shared-cost', e164: `+55${local}`, dial: local }
}

function ordinary(text: string, digits: string, defaultAreaCode: string): ParsedNumber {
  const national = nationalPart(digits, text.startsWith('+'), defaultAreaCode)
  if (national === null) return invalid('length')
  if (!areaCodes.test(national)) return invalid('area-code')
  // Some people write an area code anyway: 11 4004-1234.
  const local = /^\d\d([34]00[34]\d{4})$/.exec(national)?.[1]
  if (local !== undefined) return sharedCost(local)
  const repaired = repairNinthDigit(national, text)
  const number = parsePhoneNumberFromString(`+55${repaired}`)
  if (!number?.isValid() || number.country !== 'BR') return invalid(/^\d\d9\d{7}$/.test(repaired) ? 'ninth-digit' : 'unknown')
  const type = number.getType()
  if (type === 'MOBILE') return { kind: 'number', class: 'mobile', e164: number.number, dial: number.number.slice(1) }
  if (type === 'FIXED_LINE') return { kind: 'number', class: 'fixed', e164: number.number, dial: number.number.slice(1) }
  return invalid('unknown')
}

/** Whether two digits are an area code (DDD). */
export function isAreaCode(digits: string): boolean {
  return digits.length === 2 && areaCodes.test(digits)
}

/** The 67 area codes (DDD) in use. */
const areaCodes = /^(?:[14689][1-9]|2[12478]|3[1-578]|5[1345]|7[134579])/
export const areaCodesInUse: readonly string[] = Array.from({ length: 89 }, (_, n) => String(n + 11)).filter(isAreaCode)

/** A leading 55 is the country code only if the rest is long enough for a complete number, because 55 is an area code too. */
export function hasCountry(digits: string, withPlus: boolean): boolean {
  return withPlus || (digits.startsWith('55') && digits.length >= 12)
}

/** The area code and number, or null. */
function nationalPart(digits: string, withPlus: boolean, defaultAreaCode: string): string | null {
  const local = (hasCountry(digits, withPlus) ? digits.slice(2) : digits).replace(/^0/, '')
  if (withPlus || local.length === 10 || local.length === 11) return /^\d{10,11}$/.test(local) ? local : null
  if (local.length === 8 || local.length === 9) return defaultAreaCode + local
  // 0, carrier code, area code, number.
  return digits.startsWith('0') && (local.length === 12 || local.length === 13) ? local.slice(2) : null
}

/**
 * Mobiles got a ninth digit, a 9, between 2012 and 2016. An old 8-digit number that starts with 6 to 8 gets it. One that starts
 * with 9 gets it only if written in groups of four (9876-5432): otherwise a digit may be missing, and a guess would ring a
 * stranger.
 */
function repairNinthDigit(national: string, text: string): string {
  const old = /^\d\d[6-8]\d{7}$/.test(national) || (/^\d\d9\d{7}$/.test(national) && /(?:^|\D)9\d{3}[\s.-]\d{4}$/.test(text))
  return old ? `${national.slice(0, 2)}9${national.slice(2)}` : national
}

/** 00, carrier code, country, number; or without the carrier code, as in other countries. */
function abroad(digits: string, defaultAreaCode: string): ParsedNumber {
  const number = parsePhoneNumberFromString(digits, 'BR')
  const e164 = number?.isValid() && number.number !== `+${digits}` ? number.number : `+${digits.slice(2)}`
  return e164.startsWith('+55') ? parsePhoneNumber(e164, defaultAreaCode) : international(e164)
}

function international(e164: string): ParsedNumber {
  const number: PhoneNumber | undefined = parsePhoneNumberFromString(e164)
  if (!number?.isValid() || number.countryCallingCode === '55') return invalid('unknown')
  return { kind: 'number', class: classAbroad(number.countryCallingCode), e164: number.number, dial: number.number.slice(1) }
}

/** Country codes of no country: satellites and international networks (870, 881 to 883), and worldwide premium services (979). */
function classAbroad(countryCode: string): DestinationClass {
  if (/^(870|88[123])$/.test(countryCode)) return 'satellite'
  return countryCode === '979' ? 'premium' : 'international'
}
