import type { Request } from 'express'
import { longestContactName } from '../../domain/contacts/contacts.ts'
import { oneLine } from '../../domain/runtime/one-line.ts'
import { field } from '../http/request.ts'

/** The details of a lead as typed, with what is wrong where. */
export interface ContactForm {
  name: string
  company: string
  /** Field → key of the sentence that stands beside it. */
  errors: Partial<Record<'name' | 'company' | 'tags', string>>
  /** Null while something is wrong. */
  details: { name: string; company: string } | null
}

export function readContactForm(req: Request): ContactForm {
  const [name, company] = [field(req, 'name'), field(req, 'company')]
  const errors: ContactForm['errors'] = {}
  if (name.trim() === '') errors.name = 'name-missing'
  else if (name.trim().length > longestContactName) errors.name = 'name-long'
  if (company.trim().length > longestContactName) errors.company = 'company-long'
  const details = Object.keys(errors).length === 0 ? { name: oneLine(name), company: oneLine(company) } : null
  return { name, company, errors, details }
}
