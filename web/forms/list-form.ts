import type { Request } from 'express'
import { longestListName, longestWaitMinutes, mostAttempts, usualRules, type CallListRules } from '../../domain/call-lists/lists.ts'
import type { ContactFilter } from '../../domain/contacts/contacts.ts'
import { oneLine } from '../../domain/runtime/one-line.ts'
import { readId } from '../http/errors.ts'
import { field, parameter } from '../http/request.ts'

/** The rules of a list as typed, with what is wrong where. */
export interface ListForm {
  name: string
  attempts: string
  wait: string
  /** Field → key of the sentence that stands beside it. */
  errors: Partial<Record<'name' | 'attempts' | 'wait' | 'leads', string>>
  /** Null while something is wrong. */
  rules: CallListRules | null
}

/** Which leads, as the address or the form has it. */
export interface ListLeads {
  q: string
  tag: string
  owner: string
}

export const blankListForm: ListForm = {
  name: '',
  attempts: String(usualRules.mostAttempts),
  wait: String(usualRules.waitMinutes),
  errors: {},
  rules: null,
}

export function readListForm(req: Request): ListForm {
  const [name, attempts, wait] = [field(req, 'name'), field(req, 'attempts'), field(req, 'wait')]
  const rules = {
    name: oneLine(name),
    mostAttempts: wholeNumber(attempts, mostAttempts),
    waitMinutes: wholeNumber(wait, longestWaitMinutes),
  }
  const errors: ListForm['errors'] = {}
  if (rules.name === '' || rules.name.length > longestListName) errors.name = 'lists.error.name'
  if (rules.mostAttempts === null) errors.attempts = 'lists.error.attempts'
  if (rules.waitMinutes === null) errors.wait = 'lists.error.wait'
  return { name, attempts, wait, errors, rules: Object.keys(errors).length > 0 ? null : (rules as CallListRules) }
}

export function readListLeads(req: Request): ListLeads {
  const read = req.method === 'GET' ? parameter : field
  return { q: read(req, 'q').trim().slice(0, 100), tag: read(req, 'tag').slice(0, 40), owner: read(req, 'owner') }
}

export function leadsFilter({ q, tag, owner }: ListLeads): ContactFilter {
  return { search: q, tag, ownerAgentId: readId(owner) }
}

/** From 1 to `most`; null for anything else. */
function wholeNumber(text: string, most: number): number | null {
  const number = Number(/^\s*(\d{1,6})\s*$/.exec(text)?.[1] ?? 0)
  return number >= 1 && number <= most ? number : null
}
