import { parsePhoneNumber, type NumberFault, type ParsedNumber } from './phone-numbers.ts'

/** Why a text is not the number of a line. `no-line`: a number that is not a person's line, such as 190 or a collect call. */
export type LineFault = NumberFault | 'no-line'

/** `note`: the text behind the number, such as `ramal 203`; empty = none. */
export type ParsedLine = { kind: 'line'; e164: string; note: string } | { kind: 'invalid'; fault: LineFault }

/** The number of one telephone line, in any spelling: short codes, collect calls and emergency numbers are no line. */
export function parseLineNumber(text: string, defaultAreaCode: string): ParsedLine {
  return lineOf(parsePhoneNumber(text, defaultAreaCode))
}

export function lineOf(number: ParsedNumber): ParsedLine {
  if (number.kind === 'invalid') return number
  return number.e164 === null ? { kind: 'invalid', fault: 'no-line' } : { kind: 'line', e164: number.e164, note: number.note ?? '' }
}
