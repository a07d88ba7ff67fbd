import { randomBytes } from 'node:crypto'
import { InvalidArgumentError } from 'commander'
import type { Trx } from '../domain/database/pool.ts'
import { isEmailTaken, isExtensionTaken } from '../domain/accounts/staff.ts'
import { addUser } from '../domain/accounts/users.ts'
import { UserError } from './user-error.ts'

export interface NewPerson {
  name: string
  email: string
  extension?: string
}

/** What a person signs in with; the password is shown once and kept nowhere. */
export interface Credential {
  email: string
  password: string
}

/** `Márcia Prates <marcia@example.com>` */
export function readManager(text: string): NewPerson {
  const [, name = '', email = ''] = /^\s*(\S.{0,118}?)\s*<([^\s@<>]+@[^\s@<>]+)>\s*$/.exec(text) ?? []
  if (name === '' || email.length > 190) throw new InvalidArgumentError('Wanted: "Name <e-mail>".')
  return { name, email: email.toLowerCase() }
}

/** `101 Ana Ribeiro <ana@example.com>`. An extension is never a number that somebody in an emergency would dial. */
export function readAgent(text: string): NewPerson {
  const [, extension = '', rest = ''] = /^\s*(\d{2,6})\s+(.+)$/.exec(text) ?? []
  if (extension === '') throw new InvalidArgumentError('Wanted: "extension Name <e-mail>", the extension with 2 to 6 digits.')
  if (/^19[023]$/.test(extension)) throw new InvalidArgumentError(`${extension} is an emergency number, so it can be nobody's extension.`)
  return { ...readManager(rest), extension }
}

/** A password that nobody has to think of. */
export function newPassword(): string {
  return randomBytes(12).toString('base64url')
}

/** Adds people and makes their passwords, or says who is there already. */
export async function addPeople(trx: Trx, tenantId: number, people: NewPerson[]): Promise<Credential[]> {
  const credentials: Credential[] = []
  for (const person of people) {
    if (await isEmailTaken(trx, person.email)) throw new UserError(`${person.email} signs in here already. Nothing has changed.`)
    if (person.extension !== undefined && (await isExtensionTaken(trx, tenantId, person.extension)))
      throw new UserError(`The extension ${person.extension} is taken. Nothing has changed.`)
    const password = newPassword()
    await addUser(trx, { ...person, tenantId, role: person.extension === undefined ? 'manager' : 'agent', password })
    credentials.push({ email: person.email, password })
  }
  return credentials
}

export function credentialWords(credentials: Credential[]): string {
  return ['Passwords, shown once:', ...credentials.map(({ email, password }) => `  ${email.padEnd(36)} ${password}`)].join('\n')
}
