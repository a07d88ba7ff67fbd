import { InvalidArgumentError } from 'commander'
import { extensionFault } from '../domain/accounts/extension.ts'
import type { NewPerson } from '../domain/accounts/new-staff.ts'
import { readEmail, readName } from '../domain/accounts/person.ts'

/** `Márcia Prates <marcia@example.com>`: a manager or an operator. */
export function personArgument(text: string): NewPerson {
  const [, name = '', email = ''] = /^([^<>]*)<([^<>]*)>\s*$/.exec(text) ?? []
  const person = { name: readName(name), email: readEmail(email) }
  if (person.name === null || person.email === null) throw new InvalidArgumentError('It must be "Name <e-mail>".')
  return { name: person.name, email: person.email }
}

/** `101 Ana Ribeiro <ana@example.com>` */
export function agentArgument(text: string): NewPerson {
  const [, extension = '', person = ''] = /^\s*(\S*)\s*(.*)$/s.exec(text) ?? []
  const fault = extensionFault(extension)
  if (fault === 'digits') throw new InvalidArgumentError('It must be "extension Name <e-mail>", and the extension must have 2 to 6 digits.')
  if (fault === 'emergency') throw new InvalidArgumentError(`${extension} is an emergency number and cannot be an extension.`)
  return { ...personArgument(person), extension }
}
