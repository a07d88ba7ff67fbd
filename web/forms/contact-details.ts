import type { Request } from 'express'
import type { Contact } from '../../domain/contacts/contacts.ts'
import {
  isEmail,
  longestCity,
  longestFieldValue,
  longestNotes,
  type ContactDetails,
  type ContactField,
} from '../../domain/contacts/details.ts'
import { oneLine } from '../../domain/runtime/one-line.ts'
import { field, hasField } from '../http/request.ts'

/** What else a company keeps about a lead, as typed, with what is wrong where. */
export interface DetailsForm extends ContactDetails {
  /** Field → key of the sentence that stands beside it. `field-0`: of the first further field. */
  errors: Record<string, string>
}

export function detailsForm({ email, city, notes }: Contact, fields: readonly ContactField[]): DetailsForm {
  return { email, city, notes, fields, errors: {} }
}

/** What is not in the request stays as it is: a page may be older than a field. A field without a value is deleted. */
export function readDetailsForm(req: Request, contact: Contact, stored: readonly ContactField[]): DetailsForm {
  const typed = new Map<string, string>()
  for (let n = 0; hasField(req, `field-name-${n}`); n++) typed.set(field(req, `field-name-${n}`), oneLine(field(req, `field-${n}`)))
  const read = (name: 'email' | 'city' | 'notes') => (hasField(req, name) ? field(req, name).replace(/\r\n?/g, '\n').trim() : contact[name])
  const form: DetailsForm = {
    email: read('email'),
    city: oneLine(read('city')),
    notes: read('notes'),
    fields: stored.map(({ name, value }) => ({ name, value: typed.get(name) ?? value })),
    errors: {},
  }
  if (form.email !== '' && !isEmail(form.email)) form.errors['email'] = 'email'
  if (form.city.length > longestCity) form.errors['city'] = 'city-long'
  if (form.notes.length > longestNotes) form.errors['notes'] = 'notes-long'
  for (const [n, { value }] of form.fields.entries()) if (value.length > longestFieldValue) form.errors[`field-${n}`] = 'field-long'
  return form
}
