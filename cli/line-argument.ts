import { parseLineNumber, type LineFault } from '../domain/telephony/line-number.ts'
import type { Tenant } from '../domain/tenants/tenants.ts'
import { UserError } from './user-error.ts'

/** The number of a line as the user typed it, in E.164. The company's area code is added where it is missing. */
export function lineArgument(text: string, tenant: Tenant): string {
  return notedLineArgument(text, tenant).e164
}

/** The same with the text behind the number, such as `ramal 203`; empty = none. */
export function notedLineArgument(text: string, { default_area_code }: Tenant): { e164: string; note: string } {
  const line = parseLineNumber(text, default_area_code)
  if (line.kind === 'invalid') throw new UserError(`"${text}" is not a phone number (${lineFaultText[line.fault]}). Nothing has changed.`)
  return line
}

/** Why a text is not the number of a line. */
export const lineFaultText: Record<LineFault, string> = {
  empty: 'it is empty',
  characters: 'it has characters that phone numbers do not have',
  length: 'too few or too many digits',
  'area-code': 'the area code does not exist',
  several: 'it is more than one number',
  'ninth-digit': 'the ninth digit is missing',
  unknown: 'the number does not exist',
  shortened: 'Excel shortened this number',
  lookalike: 'it looks like a CPF, a CNPJ, a CEP or a date',
  'no-line': 'it is a short code or a service, not the line of a person',
}
