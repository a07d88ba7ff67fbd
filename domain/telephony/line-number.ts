import type { LineFault } from '../policy/do-not-call-file.ts'
import { parsePhoneNumber } from './phone-numbers.ts'

export type ParsedLine = { kind: 'line'; e164: string } | { kind: 'invalid'; fault: LineFault }

/** The number of one telephone line, in any spelling: short codes, collect calls and emergency numbers are no line. */
export function parseLineNumber(text: string, defaultAreaCode: string): ParsedLine {
  const number = parsePhoneNumber(text, defaultAreaCode)
  if (number.kind === 'invalid') return number
  return number.e164 === null ? { kind: 'invalid', fault: 'no-line' } : { kind: 'line', e164: number.e164 }
}
