import { formatPhoneNumber } from '../../domain/telephony/phone-numbers.ts'
import type { Translate } from '../locales/translate.ts'

/** What a row says about the lead of a call, a task, or an entry of a list. */
export interface LeadFields {
  contact_name: string | null
  e164: string | null
  dialled?: string | null
  origin?: string
}

/** The lead's name, else the number, else what was dialled. */
export function leadName({ contact_name, e164, dialled = null, origin }: LeadFields, t: Translate): string {
  if (contact_name !== null) return contact_name
  if (e164 !== null) return formatPhoneNumber(e164)
  if (dialled !== null && dialled !== '') return dialled
  return t(origin === 'incoming' ? 'call.hidden-number' : 'call.unknown-number')
}
