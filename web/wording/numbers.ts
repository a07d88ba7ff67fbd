import { formatPhoneNumber, parsePhoneNumbers } from '../../domain/telephony/phone-numbers.ts'
import type { Locale } from '../../domain/database/schema.ts'
import type { CellFault, RowFault } from '../../domain/contacts/imports/read-row.ts'
import type { LineFault } from '../../domain/telephony/line-number.ts'
import type { Translate } from '../locales/translate.ts'

/** What is wrong with a `typed` number, and what to do about it. `areaCode`: of the company. */
export function numberFaultText(
  fault: LineFault | RowFault | CellFault,
  typed: string,
  areaCode: string,
  locale: Locale,
  t: Translate,
): string {
  if (fault === 'blocked') return t('verdict.destination-blocked')
  if (fault !== 'several') return t(`number-fault.${fault}`)
  const numbers = parsePhoneNumbers(typed, areaCode).flatMap((each) => (each.kind === 'number' && each.e164 !== null ? [each.e164] : []))
  if (numbers.length < 2) return t('number-fault.several')
  return t('number-fault.several.named', { numbers: new Intl.ListFormat(locale).format(numbers.map(formatPhoneNumber)) })
}
