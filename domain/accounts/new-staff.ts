import type { Database, Trx } from '../database/pool.ts'
import { generatePassword } from './passwords.ts'
import { isEmailTaken, listStaff } from './staff.ts'
import { addUser } from './users.ts'

/** An agent if there is an extension, else a manager. */
export interface NewPerson {
  name: string
  email: string
  extension?: string
}

/** What a new person signs in with. */
export interface Credential {
  email: string
  password: string
}

export type StaffFault = { kind: 'email-taken'; email: string } | { kind: 'extension-taken'; extension: string }

/** Adds people to a tenant whose row is locked, and generates their passwords; or changes nothing and says why. */
export async function addStaff(
  trx: Trx,
  tenantId: number,
  people: readonly NewPerson[],
): Promise<{ kind: 'added'; credentials: Credential[] } | StaffFault> {
  const staff = await listStaff(trx, tenantId)
  const extensions = staff.flatMap(({ extension }) => extension ?? [])
  return (await findStaffFault(trx, people, extensions)) ?? { kind: 'added', credentials: await insertStaff(trx, tenantId, people) }
}

/** What keeps these people from joining a tenant that uses `extensions`. An e-mail address signs in once on the whole server. */
export async function findStaffFault(
  db: Database | Trx,
  people: readonly NewPerson[],
  extensions: readonly string[],
): Promise<StaffFault | null> {
  const [takenEmails, takenExtensions] = [new Set<string>(), new Set(extensions)]
  for (const { email, extension } of people) {
    if (takenEmails.has(email) || (await isEmailTaken(db, email))) return { kind: 'email-taken', email }
    takenEmails.add(email)
    if (extension === undefined) continue
    if (takenExtensions.has(extension)) return { kind: 'extension-taken', extension }
    takenExtensions.add(extension)
  }
  return null
}

/** Adds people after `findStaffFault` has found no fault. */
export async function insertStaff(trx: Trx, tenantId: number, people: readonly NewPerson[]): Promise<Credential[]> {
  const credentials: Credential[] = []
  for (const person of people) {
    const password = generatePassword()
    await addUser(trx, { ...person, tenantId, role: person.extension === undefined ? 'manager' : 'agent', password })
    credentials.push({ email: person.email, password })
  }
  return credentials
}
