import type { Contact } from '../domain/contacts/contacts.ts'
import { findContactByNumber } from '../domain/contacts/contacts.ts'
import {
  addContactNumber,
  changeContactNumber,
  makeFirst,
  removeContactNumber,
  type NumberRefusal,
} from '../domain/contacts/edit-numbers.ts'
import { labelWith, listContactNumbers, longestNumberLabel, mostNumbers } from '../domain/contacts/numbers.ts'
import type { Database, Trx } from '../domain/database/pool.ts'
import { formatPhoneNumber } from '../domain/telephony/phone-numbers.ts'
import type { Tenant } from '../domain/tenants/tenants.ts'
import { textUpTo } from './arguments.ts'
import { databaseAction, noun, verb, type Output } from './command.ts'
import { findCompany, inCompany, slugHelp } from './company.ts'
import { lineArgument, notedLineArgument } from './line-argument.ts'
import type { ShellCommand } from './shell.ts'
import { table } from './tables.ts'
import { UserError } from './user-error.ts'

/** `lead-number list | add | label | first | remove` */
export function leadNumberCommands(program: ShellCommand): void {
  const number = noun(program, 'lead-number', 'the numbers of one lead, in the order in which a click dials them')
  const labelOption = ['--label <text>', `such as "Comercial"`, textUpTo(longestNumberLabel)] as const
  const withLead = (command: ShellCommand) =>
    command.argument('<slug>', slugHelp).argument('<lead>', 'any number of the lead, in any spelling')

  withLead(verb(number, 'list', 'lists the numbers of a lead')).action(databaseAction(show))
  withLead(verb(number, 'add', 'adds a number after the others'))
    .argument('<number>', 'in any spelling')
    .option(...labelOption)
    .action(databaseAction(add))
  verb(number, 'label', 'labels a number')
    .argument('<slug>', slugHelp)
    .argument('<number>', 'in any spelling')
    .argument('<text>', 'such as "Comercial"', textUpTo(longestNumberLabel))
    .action(databaseAction(label))
  verb(number, 'first', 'makes a number the one that a click dials first')
    .argument('<slug>', slugHelp)
    .argument('<number>', 'in any spelling')
    .action(databaseAction(first))
  verb(number, 'remove', 'removes a number from its lead, which keeps at least one')
    .argument('<slug>', slugHelp)
    .argument('<number>', 'in any spelling')
    .action(databaseAction(remove))
}

async function show(db: Database, slug: string, lead: string): Promise<Output> {
  const tenant = await findCompany(db, slug)
  return output(db, await leadWith(db, tenant, lineArgument(lead, tenant)))
}

async function add(db: Database, slug: string, lead: string, text: string, { label = '' }: { label?: string }): Promise<Output> {
  return change(db, slug, lead, async (trx, contact, tenant) => {
    const { e164, note } = notedLineArgument(text, tenant)
    const noted = labelWith(label, note)
    if (noted.length > longestNumberLabel)
      throw new UserError(`The label "${noted}" is longer than ${longestNumberLabel}. Nothing has changed.`)
    return addContactNumber(trx, tenant.id, contact.id, { e164, label: noted }, new Date())
  })
}

async function label(db: Database, slug: string, text: string, newLabel: string): Promise<Output> {
  return change(db, slug, text, (trx, contact, tenant, e164) =>
    changeContactNumber(trx, tenant.id, contact.id, e164, { e164, label: newLabel }, new Date()),
  )
}

async function first(db: Database, slug: string, text: string): Promise<Output> {
  return change(db, slug, text, async (trx, contact, tenant, e164) => ({
    outcome: (await makeFirst(trx, tenant.id, contact.id, e164)) ? 'done' : 'gone',
  }))
}

async function remove(db: Database, slug: string, text: string): Promise<Output> {
  return change(db, slug, text, (trx, contact, tenant, e164) => removeContactNumber(trx, tenant.id, contact.id, e164, new Date()))
}

/** Changes the lead with a number and prints its numbers. */
async function change(
  db: Database,
  slug: string,
  text: string,
  work: (trx: Trx, contact: Contact, tenant: Tenant, e164: string) => Promise<{ outcome: 'done' } | NumberRefusal>,
): Promise<Output> {
  return inCompany(db, slug, async (trx, tenant) => {
    const e164 = lineArgument(text, tenant)
    const contact = await leadWith(trx, tenant, e164)
    const result = await work(trx, contact, tenant, e164)
    if (result.outcome !== 'done') throw new UserError(`${refusalText(result)} Nothing has changed.`)
    return output(trx, contact)
  })
}

function refusalText(refusal: NumberRefusal): string {
  if (refusal.outcome === 'taken') return `${refusal.contact.name} has this number already.`
  if (refusal.outcome === 'known') return 'The lead has this number already.'
  if (refusal.outcome === 'too-many') return `A lead has at most ${mostNumbers} numbers.`
  return refusal.outcome === 'last' ? 'It is the only number of the lead.' : 'The lead does not have this number any more.'
}

async function leadWith(db: Database | Trx, tenant: Tenant, e164: string): Promise<Contact> {
  const contact = await findContactByNumber(db, tenant.id, e164)
  if (!contact) throw new UserError(`No lead of ${tenant.name} has ${formatPhoneNumber(e164)}.`)
  return contact
}

async function output(db: Database | Trx, { id, tenant_id, name, company }: Contact): Promise<Output> {
  const numbers = await listContactNumbers(db, tenant_id, id)
  return {
    text: table(
      { number: 'left', label: 'left', 'do not call': 'left' },
      numbers.map((each) => [formatPhoneNumber(each.e164), each.label, each.do_not_call_at === null ? '' : 'yes']),
      'No numbers.',
    ),
    json: {
      name,
      company,
      numbers: numbers.map(({ e164, label, do_not_call_at }) => ({ e164, label, doNotCall: do_not_call_at !== null })),
    },
  }
}
