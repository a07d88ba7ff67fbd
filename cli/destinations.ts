import { Argument } from 'commander'
import type { Database } from '../domain/database/pool.ts'
import { destinationClasses, fraudProne, type DestinationClass } from '../domain/telephony/destination-classes.ts'
import { listDestinations, setDestination } from '../domain/policy/destination-rules.ts'
import { databaseAction, noun, verb, type Output } from './command.ts'
import { findCompany, inCompany, slugHelp } from './company.ts'
import { confirm, withYesOption, type YesOption } from './confirmation.ts'
import { UserError } from './user-error.ts'
import type { ShellCommand } from './shell.ts'
import { table } from './tables.ts'

/** `destination list | open | close` */
export function destinationCommands(program: ShellCommand): void {
  const destination = noun(program, 'destination', 'kinds of numbers that a company may call')

  verb(destination, 'list', 'lists each kind and whether the company may call it').argument('<slug>', slugHelp).action(databaseAction(list))

  withYesOption(verb(destination, 'open', 'lets a company call a kind of number; asks first if the kind attracts fraud'))
    .argument('<slug>', slugHelp)
    .addArgument(destinationArgument())
    .action(databaseAction(open))

  verb(destination, 'close', 'stops a company from calling a kind of number')
    .argument('<slug>', slugHelp)
    .addArgument(destinationArgument())
    .action(databaseAction(async (db, slug: string, kind: DestinationClass) => change(db, slug, kind, false)))
}

export function destinationArgument(): Argument {
  return new Argument('<kind>', 'kind of number').choices(destinationClasses)
}

async function list(db: Database, slug: string): Promise<Output> {
  const tenant = await findCompany(db, slug)
  const kinds = await listDestinations(db, tenant.id)
  const rows = [...kinds].map(([kind, open]) => [kind, open ? 'open' : 'closed'])
  return { text: table({ kind: 'left', is: 'left' }, rows, ''), json: Object.fromEntries(kinds) }
}

async function open(db: Database, slug: string, kind: DestinationClass, { yes }: YesOption, { shell }: ShellCommand): Promise<Output> {
  const { name } = await findCompany(db, slug)
  if (fraudProne.includes(kind))
    await confirm(shell, `${name} could then call ${kind} numbers, which are the usual target of telephone fraud.`, slug, { yes })
  return change(db, slug, kind, true)
}

async function change(db: Database, slug: string, kind: DestinationClass, allowed: boolean): Promise<Output> {
  return inCompany(db, slug, async (trx, tenant) => {
    if (!(await setDestination(trx, tenant.id, kind, allowed)))
      throw new UserError('Emergency numbers (190, 192, 193) are always open. Nothing has changed.')
    return {
      text: `${tenant.name} ${allowed ? 'may' : 'may not'} call ${kind} numbers.`,
      json: Object.fromEntries(await listDestinations(trx, tenant.id)),
    }
  })
}
