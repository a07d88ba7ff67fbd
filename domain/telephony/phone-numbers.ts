import { parsePhoneNumberFromString, type PhoneNumber } from 'libphonenumber-js/max'
import type { DestinationClass } from './destination-classes.ts'
import { isPlaceholder, splitNumbers } from './number-field.ts'
import { readNumberWord } from './number-words.ts'
import { separateNote } from './number-note.ts'
import { agreesWithBrackets, endsInFragment, endsInPiece, faultOfShape, isLongMobile, withoutDecimals } from './number-shapes.ts'
import { cleanNumberText, longestField } from './number-text.ts'

/** Why a text is not a number. `shortened` and `lookalike`: number-shapes.ts. */
export type NumberFault =
  'empty' | 'characters' | 'length' | 'area-code' | 'several' | 'ninth-digit' | 'unknown' | 'shortened' | 'lookalike'

const longestE164 = '+'.length + 15

/**
 * The result of parsing a text.
 *   e164       with the leading plus, `+5511987654321`; null for numbers without an E.164 form (190, collect)
 *   dial       digits as carriers expect them: 5511987654321, 14155552671, 08001234567, 40041234, 190
 *   areaCode   `default`: the text has no area code, and the default was taken; `none`: the number needs none (0800, 190, abroad)
 *   note       the text behind the number, if any: `ramal 203`, `falar com Ana`
 */
export type ParsedNumber =
  | {
      kind: 'number'
      class: DestinationClass
      e164: string | null
      dial: string
      areaCode: 'written' | 'default' | 'none'
      note?: string
    }
  | { kind: 'invalid'; fault: NumberFault }

/**
 * Parses a number as people in Brazil write it: with or without +55, the trunk 0, a carrier code (0 15 11 …), the area code
 * (default: `defaultAreaCode`, two digits), or a mobile's ninth digit. This one rule serves typed, imported, clicked and dialled
 * numbers. The E.164 form parses to itself. Policy decides whether it may be called (destination-rules.ts). Numbering: Anatel's
 * plan, with libphonenumber's metadata for what exists.
 */
export function parsePhoneNumber(raw: string, defaultAreaCode: string): ParsedNumber {
  if (raw.length > longestField) return invalid('length')
  if (isPlaceholder(raw)) return invalid('empty')
  const text = cleanNumberText(raw)
  if (text.includes('\n')) return invalid('characters')
  const numbers = splitNumbers(text)
  return numbers.length > 1 ? invalid('several') : parseOne(numbers[0] ?? '', defaultAreaCode)
}

/**
 * All numbers in a field that may hold several: `(11) 98765-4321 / 3333-4444`. A number without an area code has that of the number
 * before it. A field beyond the length limit holds none.
 */
export function parsePhoneNumbers(raw: string, defaultAreaCode: string): ParsedNumber[] {
  if (raw.length > longestField) return [invalid('length')]
  if (isPlaceholder(raw)) return [invalid('empty')]
  let before: ParsedNumber | null = null
  let written: string | null = null
  return splitNumbers(cleanNumberText(raw)).map((text) => {
    let number = parseOne(text, written ?? defaultAreaCode)
    const isWithout = number.kind === 'number' && number.areaCode === 'default'
    // What is wrong with the number before may be its area code.
    if (isWithout && before?.kind === 'invalid') number = before
    else if (isWithout && written !== null) number = { ...number, areaCode: 'written' } as ParsedNumber
    else if (number.kind === 'number' && number.areaCode === 'written') written = number.e164?.slice(3, 5) ?? null
    before = number
    return number
  })
}

/** One number and its note, cleaned. */
function parseOne(text: string, defaultAreaCode: string): ParsedNumber {
  const shape = faultOfShape(text)
  if (shape !== null) return invalid(shape)
  const whole = withoutDecimals(text)
  if (whole === null) return invalid('length')
  const word = readNumberWord(whole)
  if (word !== null) return special(word, word) ?? invalid('characters')
  const noted = separateNote(whole)
  if (noted === null) return invalid('characters')
  const number = parseDigits(noted.number, defaultAreaCode)
  if (number.kind === 'invalid' || noted.note === '') return number
  return noted.hasDigits && number.areaCode === 'default' ? invalid('characters') : { ...number, note: noted.note }
}

/** Digits and separators. */
function parseDigits(written: string, defaultAreaCode: string): ParsedNumber {
  // 21/98765-4321
  const text = written.replace(/^([ (+]*(?:55)?[ (]*0?\d\d[ )]*)\//, '$1 ')
  if (!/^\+?[\d ().-]+$/.test(text)) return invalid('characters')
  const all = text.replace(/\D/g, '')
  // Only a 00 written together is the prefix of calls abroad: 0(021) is the trunk 0 twice.
  const digits = /^[ (]*00/.test(text) ? all : all.replace(/^00/, '0')
  // The longest: 00, a carrier code, a country and 15 digits.
  if (digits.length > 20) return invalid('length')
  if (text.startsWith('+') && !digits.startsWith('55')) return international(`+${digits}`)
  if (endsInPiece(text)) return invalid('length')
  const service = digits.startsWith('00') ? null : special(text, digits)
  if (service !== null) return service
  if (endsInFragment(text) || isLongMobile(text)) return invalid('length')
  return digits.startsWith('00') ? abroad(digits, defaultAreaCode) : ordinary(text, digits, defaultAreaCode)
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

/** Numbers that are not a person's line: emergency, short, collect, and those that start with 0300 to 0900 or 400x. */
function special(text: string, digits: string): ParsedNumber | null {
  const withCountry = text.startsWith('+')
  const national = hasCountry(digits, withCountry) ? digits.slice(2) : digits
  // As the dialplan reads them (phone.conf), which counts emergency calls apart and dials them without the AGI server.
  if (!withCountry && /^19[023]$/.test(digits)) return text.trim() === digits ? unlisted('emergency', digits) : null
  if (!withCountry && /^1\d{2,4}$/.test(digits)) return unlisted('short-code', digits)
  // 9090 + local number, or 90 + carrier code + area code + number: collect calls, which the called party pays.
  if (!withCountry && /^90(90\d{8,9}|\d\d[1-9]{2}\d{8,9})$/.test(digits)) return unlisted('collect', digits)
  const withoutTrunk = /^0?([3589]0[03]\d{6,7})$/.exec(national)?.[1]
  // 9005-6570 21 is another number, with something behind it.
  if (withoutTrunk !== undefined && !/^[( ]*[3589]0[03]\d{1,2}\D/.test(text)) {
    const destination = withoutTrunk.startsWith('800') ? 'toll-free' : 'premium'
    return { kind: 'number', class: destination, e164: `+55${withoutTrunk}`, dial: `0${withoutTrunk}`, areaCode: 'none' }
  }
  const local = /^0?((?:300[34]|400\d|4020|4062|4090)\d{4})$/.exec(national)?.[1]
  return local === undefined ? null : sharedCost(local)
}

/** 4004-1234: costs a local call from everywhere, and has no area code. */
function sharedCost(local: string): ParsedNumber {
  return { kind: 'number', class: 'shared-cost', e164: `+55${local}`, dial: local, areaCode: 'none' }
}

/** A number without an E.164 form. */
function unlisted(destination: DestinationClass, dial: string): ParsedNumber {
  return { kind: 'number', class: destination, e164: null, dial, areaCode: 'none' }
}

function ordinary(text: string, digits: string, defaultAreaCode: string): ParsedNumber {
  const written = nationalPart(digits, text.startsWith('+'))
  if (written === null) return invalid('length')
  const areaCode = written.length < 10 ? 'default' : 'written'
  const national = areaCode === 'default' ? defaultAreaCode + written : written
  if (!areaCodes.test(national)) return invalid('area-code')
  if (!agreesWithBrackets(text, national.slice(0, 2))) return invalid('length')
  // Some people write an area code anyway: 11 4004-1234.
  const local = /^\d\d([34]00[34]\d{4})$/.exec(national)?.[1]
  if (local !== undefined) return sharedCost(local)
  const repaired = repairNinthDigit(national, text)
  // The mask of a form, (99) 99999-9999.
  if (/^9+$/.test(repaired)) return invalid('empty')
  const number = parsePhoneNumberFromString(`+55${repaired}`)
  // Only a valid number has a type.
  const destination = classes[number?.getType() ?? '']
  if (number?.country !== 'BR' || destination === undefined) return invalid(/^\d\d9\d{7}$/.test(repaired) ? 'ninth-digit' : 'unknown')
  return { kind: 'number', class: destination, e164: number.number, dial: number.number.slice(1), areaCode }
}

const classes: Partial<Record<string, DestinationClass>> = { MOBILE: 'mobile', FIXED_LINE: 'fixed' }

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

/** Area code and number, or 8 or 9 digits without an area code; null for other lengths. */
function nationalPart(digits: string, withPlus: boolean): string | null {
  const local = (hasCountry(digits, withPlus) ? digits.slice(2) : digits).replace(/^0/, '')
  if (local.length === 10 || local.length === 11) return local
  if (withPlus) return null
  // 0, carrier code, area code, number. An area code stands behind every 0.
  if (digits.startsWith('0')) return local.length === 12 || local.length === 13 ? local.slice(2) : null
  return local.length === 8 || local.length === 9 ? local : null
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

/** 00, carrier code, country, number; or without the carrier code, as in other countries. 0055 is Brazil, not the carrier 55. */
function abroad(digits: string, defaultAreaCode: string): ParsedNumber {
  const number = digits.startsWith('0055') ? undefined : parsePhoneNumberFromString(digits, 'BR')
  const e164 = number?.isValid() && number.number !== `+${digits}` ? number.number : `+${digits.slice(2)}`
  return e164.startsWith('+55') ? parseDigits(e164, defaultAreaCode) : international(e164)
}

function international(e164: string): ParsedNumber {
  const number: PhoneNumber | undefined = parsePhoneNumberFromString(e164)
  if (!number?.isValid() || number.countryCallingCode === '55') return invalid('unknown')
  // The metadata knows longer numbers, in Germany. E.164 has 15 digits, and so have our tables.
  if (number.number.length > longestE164) return invalid('length')
  const destination = classAbroad(number.countryCallingCode)
  return { kind: 'number', class: destination, e164: number.number, dial: number.number.slice(1), areaCode: 'none' }
}

/** Country codes of no country: satellites and international networks (870, 881 to 883), and worldwide premium services (979). */
function classAbroad(countryCode: string): DestinationClass {
  if (/^(870|88[123])$/.test(countryCode)) return 'satellite'
  return countryCode === '979' ? 'premium' : 'international'
}
