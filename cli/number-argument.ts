import { parsePhoneNumber } from '../domain/telephony/phone-numbers.ts'
import type { Tenant } from '../domain/tenants/tenants.ts'
import { UserError } from './user-error.ts'
import { faultWords } from './number-faults.ts'

/** A line as somebody typed it, in E.164. */
export function lineOf(text: string, { default_area_code }: Tenant): string {
  const number = parsePhoneNumber(text, default_area_code)
  if (number.kind === 'invalid') throw new UserError(`"${text}" is no number (${faultWords[number.fault]}). Nothing has changed.`)
  if (number.e164 === null) throw new UserError(`"${text}" is no number (${faultWords['no-line']}). Nothing has changed.`)
  return number.e164
}
