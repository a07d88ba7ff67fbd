import type { Request, Response } from 'express'
import { longestContactName, type Contact } from '../../domain/contacts/contacts.ts'
import type { DestinationClass } from '../../domain/telephony/destination-classes.ts'
import { oneLine } from '../../domain/runtime/one-line.ts'
import { parsePhoneNumber, type NumberFault } from '../../domain/telephony/phone-numbers.ts'
import { wordsOf } from '../http/locale.ts'
import { field } from '../http/request.ts'

/** A lead as typed, with what is wrong where. */
export interface ContactForm {
  name: string
  company: string
  number: string
  /** Field → key of the sentence that stands beside it. */
  errors: Partial<Record<'name' | 'company' | 'tags', string>>
  /** Why the number is none to keep; `blocked` when the company does not call its kind. */
  numberFault: NumberFault | 'blocked' | null
  /** The lead that already has this number. */
  duplicate: Contact | null
  /** Null while something is wrong. */
  lead: { name: string; company: string; e164: string; destination: DestinationClass } | null
}

export function readContactForm(req: Request, defaultAreaCode: string): ContactForm {
  const [name, company, number] = [field(req, 'name'), field(req, 'company'), field(req, 'number')]
  const parsed = parsePhoneNumber(number, defaultAreaCode)
  const errors: ContactForm['errors'] = {}
  if (name.trim() === '') errors.name = 'name-missing'
  else if (name.trim().length > longestContactName) errors.name = 'name-long'
  if (company.trim().length > longestContactName) errors.company = 'company-long'
  // Emergency and service numbers such as 190 have no E.164 form and cannot be leads.
  const numberFault = parsed.kind === 'invalid' ? parsed.fault : parsed.e164 === null ? ('blocked' as const) : null
  const { e164, destination } =
    parsed.kind === 'number' ? { e164: parsed.e164, destination: parsed.class } : { e164: null, destination: 'fixed' as const }
  const lead =
    Object.keys(errors).length === 0 && e164 !== null ? { name: oneLine(name), company: oneLine(company), e164, destination } : null
  return { name, company, number, errors, numberFault, duplicate: null, lead }
}

/** The sentence about the number, if there is something wrong with it. */
export function numberError(res: Response, { number, numberFault }: ContactForm, areaCode: string): string | null {
  const words = wordsOf(res)
  if (numberFault === null) return null
  return numberFault === 'blocked' ? words.t('verdict.destination-blocked') : words.fault(numberFault, number, areaCode)
}
