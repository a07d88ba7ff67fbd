/**
 * `npm run company -- …`: adds a company with its people, its number and its first minutes. Run it without
 * arguments to see how. Passwords are made here and shown once.
 */
import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { topUp } from './balance.ts'
import { loadConfig } from './config.ts'
import { openDatabase, type Database } from './database/pool.ts'
import { inTransaction } from './database/transaction.ts'
import { parsePhoneNumber } from './phone-numbers.ts'
import { lockTenant } from './tenants.ts'
import { addUser } from './users.ts'

const usage = `npm run company -- --slug padaria-sol --name "Padaria Sol" --number "(11) 3210-4000" --minutes 300 \\
  --trunk carrier-a --manager "Márcia Prates <marcia@example.com>" --agent "101 Ana Ribeiro <ana@example.com>"

--slug      short name, lower case: part of its phones' names and of its recordings' folder
--number    a number that a carrier assigned to the company; its calls show it
--trunk     an endpoint of local/trunks.conf; again for a second one, tried when the first fails
--agent     extension, name and e-mail; again for each
--manager   name and e-mail; again for each`

interface Person {
  name: string
  email: string
  extension?: string
}

export interface NewCompany {
  slug: string
  name: string
  e164: string
  minutes: number
  trunks: string[]
  people: Person[]
}

/** Reads the command line; throws an error with a sentence for the person who typed it. */
export function readCompany(args: string[]): NewCompany {
  const text = { type: 'string' } as const
  const list = { type: 'string', multiple: true } as const
  const { values } = parseArgs({
    args,
    options: { slug: text, name: text, number: text, minutes: text, trunk: list, manager: list, agent: list },
  })
  if (!/^[a-z][a-z0-9-]{1,30}$/.test(values.slug ?? '')) throw new Error('--slug: lower-case letters, digits and dashes, two to 31 of them')
  if (!values.name) throw new Error('--name is missing')
  const number = parsePhoneNumber(values.number ?? '', '11')
  if (number.kind !== 'number' || !['fixed', 'mobile'].includes(number.class) || number.e164 === null)
    throw new Error('--number: not a Brazilian fixed or mobile number')
  if (!/^\d{1,7}$/.test(values.minutes ?? '')) throw new Error('--minutes: a whole number')
  const managers = (values.manager ?? []).map((who) => readPerson('--manager', /^()(.+) <(\S+@\S+)>$/, who))
  const agents = (values.agent ?? []).map((who) => readPerson('--agent', /^(\d{2,6}) (.+) <(\S+@\S+)>$/, who))
  if (managers.length === 0) throw new Error('--manager is missing: somebody must see the balance')
  if (!values.trunk) throw new Error('--trunk is missing: no call could leave')
  return {
    slug: values.slug ?? '',
    name: values.name,
    e164: number.e164,
    minutes: Number(values.minutes),
    trunks: values.trunk,
    people: [...managers, ...agents],
  }
}

/** Adds it, all or nothing. Returns each person's password. */
export async function addCompany(db: Database, company: NewCompany, now: Date): Promise<Map<string, string>> {
  const people = company.people.map((person) => ({ ...person, password: randomBytes(12).toString('base64url') }))
  await inTransaction(db, async (trx) => {
    const inserted = await trx.insertInto('tenants').values({ slug: company.slug, name: company.name }).executeTakeFirstOrThrow()
    const tenantId = Number(inserted.insertId)
    await lockTenant(trx, tenantId)
    if (company.minutes > 0) await topUp(trx, tenantId, company.minutes * 60, { reason: '', author: 'operator' }, now)
    await trx.insertInto('numbers').values({ tenant_id: tenantId, e164: company.e164 }).execute()
    await trx
      .insertInto('trunks')
      .values(company.trunks.map((endpoint, index) => ({ tenant_id: tenantId, endpoint, priority: index + 1 })))
      .execute()
    for (const person of people) await addUser(trx, { ...person, tenantId, role: person.extension === undefined ? 'manager' : 'agent' })
  })
  return new Map(people.map(({ email, password }) => [email, password]))
}

function readPerson(option: string, form: RegExp, text: string): Person {
  const match = form.exec(text)
  if (!match) throw new Error(`${option}: "${text}" is not of the form shown below`)
  const [, extension = '', name = '', email = ''] = match
  return extension === '' ? { name, email } : { name, email, extension }
}

if (import.meta.main) {
  try {
    const company = readCompany(process.argv.slice(2))
    const db = openDatabase(loadConfig().databaseUrl, { connections: 1 })
    const passwords = await addCompany(db, company, new Date()).finally(() => db.destroy())
    console.log(`${company.name} is there. Passwords, shown once:`)
    for (const [email, password] of passwords) console.log(`  ${email.padEnd(36)} ${password}`)
  } catch (error) {
    const { message, errno } = error as { message: string; errno?: number }
    console.error(errno === 1062 ? 'The slug, the number or an e-mail is already taken.' : message, `\n\n${usage}`)
    process.exitCode = 1
  }
}
