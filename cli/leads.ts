import { loadConfig } from '../domain/runtime/config.ts'
import type { Database } from '../domain/database/pool.ts'
import { collectPersonData, erasePersonData, isInACall } from '../domain/privacy/data-subject-requests.ts'
import { formatPhoneNumber } from '../domain/telephony/phone-numbers.ts'
import { answering, noun, verb, type Answer } from './command.ts'
import { findCompany, slugHelp } from './company.ts'
import { asking, confirm, type Asking } from './confirmation.ts'
import { UserError } from './user-error.ts'
import type { ShellCommand } from './shell.ts'
import { factTable } from './tables.ts'
import { lineOf } from './number-argument.ts'

/** `lead export | forget` */
export function leadCommands(program: ShellCommand): void {
  const lead = noun(
    program,
    'lead',
    'what a company keeps about one person, whose right it is to see it and to have it deleted (docs/privacy.md)',
  )
  const whose = (command: ShellCommand) => command.argument('<slug>', slugHelp).argument('<number>', 'in any spelling')

  whose(verb(lead, 'export', 'all of it, as JSON')).action(answering(show))
  whose(asking(verb(lead, 'forget', 'deletes it, recordings too; what was charged for stays without a name'))).action(answering(forget))
}

async function show(db: Database, slug: string, typed: string): Promise<Answer> {
  const tenant = await findCompany(db, slug)
  const data = await collectPersonData(db, tenant.id, lineOf(typed, tenant))
  return { text: JSON.stringify(data, null, 2), json: data }
}

async function forget(db: Database, slug: string, typed: string, { yes }: Asking, { shell }: ShellCommand): Promise<Answer> {
  const tenant = await findCompany(db, slug)
  const e164 = lineOf(typed, tenant)
  const number = formatPhoneNumber(e164)
  await confirm(shell, `All that ${tenant.name} keeps about ${number} will be deleted for good: name, notes, tasks, recordings.`, slug, {
    yes,
  })
  if (await isInACall(db, tenant.id, e164))
    throw new UserError(`A call with ${number} goes on, or is being stored. Nothing has changed; try again later.`)
  const forgotten = await erasePersonData(db, loadConfig(shell.env), tenant.id, e164, new Date())
  return { text: factTable(Object.entries(forgotten).map(([what, count]) => [what, String(count)])), json: forgotten }
}
