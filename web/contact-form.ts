import type { Request } from 'express'
import type { Contact } from '../domain/contacts.ts'
import type { DestinationClass } from '../domain/destinations.ts'
import { parsePhoneNumber } from '../domain/phone-numbers.ts'
import { field } from './requests.ts'

/** A lead as typed, with what is wrong where. */
export interface ContactForm {
  name: string
  company: string
  number: string
  /** Field → key of the sentence that stands beside it. */
  errors: Partial<Record<'name' | 'company' | 'number', string>>
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
  else if (name.trim().length > 120) errors.name = 'name-long'
  if (company.trim().length > 120) errors.company = 'company-long'
  if (number.trim() === '') errors.number = 'number-missing'
  else if (parsed.kind === 'invalid') errors.number = parsed.fault === 'several' ? 'number-several' : 'number-invalid'
  // 190 and the like: nobody's lead.
  else if (parsed.e164 === null) errors.number = 'number-blocked'
  const { e164, destination } =
    parsed.kind === 'number' ? { e164: parsed.e164, destination: parsed.class } : { e164: null, destination: 'fixed' as const }
  const lead =
    Object.keys(errors).length === 0 && e164 !== null ? { name: oneLine(name), company: oneLine(company), e164, destination } : null
  return { name, company, number, errors, duplicate: null, lead }
}

/** Names go into headers of a log and titles of a page: no line breaks, no runs of blanks. */
function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ')
}
