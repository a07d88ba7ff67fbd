import type { Database } from '../domain/database/pool.ts'
import { addNumber, listNumbers, removeNumber } from '../domain/telephony/did-numbers.ts'
import { formatPhoneNumber } from '../domain/telephony/phone-numbers.ts'
import { waysKeptSeconds } from '../domain/telephony/outbound-routing.ts'
import { didNumber } from './arguments.ts'
import { databaseAction, noun, verb, type Output } from './command.ts'
import { findCompany, inCompany, slugHelp } from './company.ts'
import { confirm, withYesOption, type YesOption } from './confirmation.ts'
import type { ShellCommand } from './shell.ts'
import { UserError } from './user-error.ts'

/** `number list | add | remove` */
export function numberCommands(program: ShellCommand): void {
  const number = noun(program, 'number', 'numbers that carriers assigned to a company; its calls show them as caller id')

  verb(
    number,
    'list',
    'lists the numbers; calls show the one with the area code of the lead, or else the first (0303, 0800, 4004: see trunk caller-ids)',
  )
    .argument('<slug>', slugHelp)
    .action(databaseAction(list))

  verb(number, 'add', 'adds a number that a carrier assigned to the company')
    .argument('<slug>', slugHelp)
    .argument('<number>', 'such as "(11) 3210-4000"', didNumber)
    .action(databaseAction(add))

  withYesOption(verb(number, 'remove', 'removes a number; asks first'))
    .argument('<slug>', slugHelp)
    .argument('<number>', 'such as "(11) 3210-4000"', didNumber)
    .action(databaseAction(remove))
}

async function list(db: Database, slug: string): Promise<Output> {
  const tenant = await findCompany(db, slug)
  const numbers = await listNumbers(db, tenant.id)
  return { text: numbers.map(formatPhoneNumber).join('\n') || 'No numbers, so no call can leave.', json: numbers }
}

async function add(db: Database, slug: string, e164: string): Promise<Output> {
  return inCompany(db, slug, async (trx, tenant) => {
    if (!(await addNumber(trx, tenant.id, e164)))
      throw new UserError(`${formatPhoneNumber(e164)} belongs to a company already. Nothing has changed.`)
    return { text: `Calls of ${tenant.name} may show ${formatPhoneNumber(e164)}.`, json: await listNumbers(trx, tenant.id) }
  })
}

async function remove(db: Database, slug: string, e164: string, { yes }: YesOption, { shell }: ShellCommand): Promise<Output> {
  const { id, name } = await findCompany(db, slug)
  const number = formatPhoneNumber(e164)
  const isLast = (await listNumbers(db, id)).every((listed) => listed === e164)
  const consequence = isLast ? ' It is the only number, so no call could leave.' : ''
  await confirm(shell, `Calls of ${name} would not show ${number} any more.${consequence}`, slug, { yes })
  return inCompany(db, slug, async (trx) => {
    if (!(await removeNumber(trx, id, e164))) throw new UserError(`${number} is not a number of ${name}.`)
    return { text: `Within ${waysKeptSeconds} s calls of ${name} stop showing ${number}.`, json: await listNumbers(trx, id) }
  })
}
