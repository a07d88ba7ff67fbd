import { InvalidArgumentError } from 'commander'
import { topUp } from '../domain/balance/ledger.ts'
import { setCallingHours } from '../domain/policy/calling-hours.ts'
import type { Database } from '../domain/database/pool.ts'
import { inTransaction } from '../domain/database/transaction.ts'
import { addNumber } from '../domain/telephony/did-numbers.ts'
import { addUsualDispositions } from '../domain/calls/wrap-up/dispositions.ts'
import { formatPhoneNumber } from '../domain/telephony/phone-numbers.ts'
import { addTenant, changePolicy, findTenantBySlug, lockTenant } from '../domain/tenants/tenants.ts'
import { addTrunk, listTrunksFor } from '../domain/telephony/trunks.ts'
import type { Authored } from './author-option.ts'
import type { Answer } from './command.ts'
import { everybody } from './company.ts'
import { readHours } from './hours-words.ts'
import { UserError } from './user-error.ts'
import { addPeople, credentialWords, type NewPerson } from './people-words.ts'

interface NewTenant extends Authored {
  name: string
  number: string[]
  minutes: number
  manager: NewPerson[]
  agent?: NewPerson[]
  trunk?: string[]
  hours: string
}

/** The short name of a new company: part of its phones' names and of its recordings' folder. */
export function slug(text: string): string {
  if (!/^[a-z][a-z0-9-]{1,30}$/.test(text) || text === everybody)
    throw new InvalidArgumentError('Lower-case letters, digits and dashes are wanted, two to 31 of them, a letter first.')
  return text
}

/** `tenant add`: all of it or nothing. */
export async function newTenant(db: Database, slug: string, wanted: NewTenant): Promise<Answer> {
  const hours = readHours([wanted.hours])
  const [firstNumber = ''] = wanted.number
  return inTransaction(db, async (trx) => {
    if (await findTenantBySlug(trx, slug)) throw new UserError(`There is a company "${slug}" already. Nothing has changed.`)
    const id = await addTenant(trx, { slug, name: wanted.name })
    await lockTenant(trx, id)
    // What its people write without an area code is where the company is.
    await changePolicy(trx, id, { default_area_code: firstNumber.slice(3, 5) }, new Date())
    await setCallingHours(trx, id, hours)
    await addUsualDispositions(trx, id)
    for (const e164 of wanted.number) {
      if (!(await addNumber(trx, id, e164)))
        throw new UserError(`${formatPhoneNumber(e164)} is some company's already. Nothing has changed.`)
    }
    for (const endpoint of wanted.trunk ?? []) {
      if (!(await addTrunk(trx, id, { endpoint }))) throw new UserError(`--trunk ${endpoint} is there twice. Nothing has changed.`)
    }
    if ((await listTrunksFor(trx, id)).length === 0)
      throw new UserError('--trunk is missing: no trunk serves all companies, so no call could leave.')
    const { minutes, author } = wanted
    if (minutes > 0) await topUp(trx, id, minutes * 60, { reason: 'First minutes', author }, new Date())
    const people = await addPeople(trx, id, [...wanted.manager, ...(wanted.agent ?? [])])
    return { text: `${wanted.name} is there. ${credentialWords(people)}`, json: { slug, name: wanted.name, people } }
  })
}
