import type { Database } from '../domain/database/pool.ts'
import { collectPersonData, erasePersonData } from '../domain/privacy/data-subject-requests.ts'
import { loadConfig } from '../domain/runtime/config.ts'
import { formatPhoneNumber } from '../domain/telephony/phone-numbers.ts'
import { databaseAction, noun, verb, type Output } from './command.ts'
import { findCompany, slugHelp } from './company.ts'
import { confirm, withYesOption, type YesOption } from './confirmation.ts'
import { lineArgument } from './line-argument.ts'
import type { ShellCommand } from './shell.ts'
import { propertyTable } from './tables.ts'
import { UserError } from './user-error.ts'

/** `lead export | forget` */
export function leadCommands(program: ShellCommand): void {
  const lead = noun(program, 'lead', 'personal data of one lead, who has the right to see it and to have it deleted (docs/privacy.md)')
  const withNumber = (command: ShellCommand) => command.argument('<slug>', slugHelp).argument('<number>', 'in any spelling')

  withNumber(verb(lead, 'export', 'prints all data of a lead as JSON')).action(databaseAction(show))
  withNumber(
    withYesOption(verb(lead, 'forget', 'deletes all data of a lead, recordings too; charges stay, without a name; asks first')),
  ).action(databaseAction(forget))
}

async function show(db: Database, slug: string, text: string): Promise<Output> {
  const tenant = await findCompany(db, slug)
  const data = await collectPersonData(db, tenant.id, lineArgument(text, tenant))
  return { text: JSON.stringify(data, null, 2), json: data }
}

async function forget(db: Database, slug: string, text: string, { yes }: YesOption, { shell }: ShellCommand): Promise<Output> {
  const tenant = await findCompany(db, slug)
  const e164 = lineArgument(text, tenant)
  const number = formatPhoneNumber(e164)
  await confirm(shell, `All data that ${tenant.name} keeps about ${number} is deleted: name, notes, tasks, recordings.`, slug, { yes })
  const erased = await erasePersonData(db, loadConfig(shell.env), tenant.id, e164, new Date())
  if (erased === 'call-open')
    throw new UserError(`A call with ${number} is in progress, or its recording is being stored. Nothing has changed; try again later.`)
  return { text: propertyTable(Object.entries(erased).map(([what, count]) => [what, String(count)])), json: erased }
}
