import { Argument } from 'commander'
import type { Database } from '../domain/database/pool.ts'
import { destinationClasses, type DestinationClass } from '../domain/telephony/destination-classes.ts'
import { listDestinations, setDestination } from '../domain/policy/destination-rules.ts'
import { answering, noun, verb, type Answer } from './command.ts'
import { findCompany, inCompany, slugHelp } from './company.ts'
import { asking, confirm, type Asking } from './confirmation.ts'
import { UserError } from './user-error.ts'
import type { ShellCommand } from './shell.ts'
import { table } from './tables.ts'

/** `destination list | open | close` */
export function destinationCommands(program: ShellCommand): void {
  const destination = noun(program, 'destination', 'kinds of numbers that a company may call')

  verb(destination, 'list', 'each kind, and whether the company may call it')
    .argument('<slug>', slugHelp)
    .action(
      answering(async (db, slug: string) => {
        const tenant = await findCompany(db, slug)
        const kinds = await listDestinations(db, tenant.id)
        const rows = [...kinds].map(([kind, open]) => [kind, open ? 'open' : 'closed'])
        return { text: table({ kind: 'left', is: 'left' }, rows, ''), json: Object.fromEntries(kinds) }
      }),
    )

  asking(verb(destination, 'open', 'opens a kind; asks first where telephone fraud earns its money'))
    .argument('<slug>', slugHelp)
    .addArgument(destinationArgument())
    .action(answering(open))

  verb(destination, 'close', 'closes a kind')
    .argument('<slug>', slugHelp)
    .addArgument(destinationArgument())
    .action(answering(async (db, slug: string, kind: DestinationClass) => change(db, slug, kind, false)))
}

export function destinationArgument(): Argument {
  return new Argument('<kind>', 'kind of numbers').choices(destinationClasses)
}

/** What thieves call through a stolen phone. */
const costly: readonly DestinationClass[] = ['premium', 'international', 'satellite', 'collect']

async function open(db: Database, slug: string, kind: DestinationClass, { yes }: Asking, { shell }: ShellCommand): Promise<Answer> {
  const { name } = await findCompany(db, slug)
  if (costly.includes(kind))
    await confirm(shell, `${name} would be able to call ${kind} numbers, which is where telephone fraud earns its money.`, slug, { yes })
  return change(db, slug, kind, true)
}

async function change(db: Database, slug: string, kind: DestinationClass, allowed: boolean): Promise<Answer> {
  if (kind === 'emergency') throw new UserError('Emergency numbers (190, 192, 193) are always open. Nothing has changed.')
  return inCompany(db, slug, async (trx, tenant) => {
    await setDestination(trx, tenant.id, kind, allowed)
    return {
      text: `${tenant.name} ${allowed ? 'may' : 'may not'} call ${kind} numbers.`,
      json: Object.fromEntries(await listDestinations(trx, tenant.id)),
    }
  })
}
