import type { NewPerson } from '../domain/accounts/new-staff.ts'
import type { Database } from '../domain/database/pool.ts'
import { createTenant, type TenantFault } from '../domain/operations/create-tenant.ts'
import { formatCallingHours } from '../domain/policy/calling-hours-text.ts'
import { usualHours } from '../domain/policy/calling-hours.ts'
import { formatPhoneNumber } from '../domain/telephony/phone-numbers.ts'
import { didNumber, newSlug, repeatable, textUpTo, trunkEndpoint, wholeNumber } from './arguments.ts'
import { withAuthorOption, type AuthorOption } from './author-option.ts'
import { databaseAction, verb, type Output } from './command.ts'
import { formatCredentials, staffError } from './credentials.ts'
import { callingHours, hoursHelp } from './hours.ts'
import { agentArgument, personArgument } from './person-argument.ts'
import type { ShellCommand } from './shell.ts'
import { UserError } from './user-error.ts'

/** `tenant add` */
export function tenantAddCommand(tenant: ShellCommand): void {
  withAuthorOption(
    verb(tenant, 'add', 'adds a company with its people, numbers and first minutes; generates passwords and shows them once'),
  )
    .argument('<slug>', 'short name in lower case, part of the names of its phones and of its recordings folder', newSlug)
    .requiredOption('--name <name>', 'full name', textUpTo(120))
    .requiredOption(
      '--number <number>',
      'a number that a carrier assigned to it, shown by its calls; repeat it for more',
      repeatable(didNumber),
    )
    .requiredOption('--minutes <minutes>', 'first minutes', wholeNumber(0, 9_999_999))
    .requiredOption('--manager <"Name <e-mail>">', 'a manager; repeat it for more', repeatable(personArgument))
    .option('--agent <"101 Name <e-mail>">', 'an agent, with extension; repeat it for more', repeatable(agentArgument))
    .option('--trunk <endpoint>', 'an endpoint of local/trunks.conf; repeat it for those to try after it', repeatable(trunkEndpoint))
    .option('--hours <hours>', hoursHelp, formatCallingHours(usualHours))
    .action(databaseAction(add))
}

interface TenantOptions extends AuthorOption {
  name: string
  number: string[]
  minutes: number
  manager: NewPerson[]
  agent?: NewPerson[]
  trunk?: string[]
  hours: string
}

async function add(db: Database, slug: string, options: TenantOptions): Promise<Output> {
  const { name, author, minutes, manager, agent = [], trunk = [] } = options
  const [first = '', ...more] = options.number
  const created = await createTenant(
    db,
    {
      ...{ slug, name, author },
      numbers: [first, ...more],
      trunks: trunk,
      hours: callingHours(options.hours),
      people: [...manager, ...agent],
      firstSeconds: minutes * 60,
    },
    new Date(),
  )
  if (created.kind !== 'created') throw tenantError(slug, created)
  const people = created.credentials
  return { text: `${name} is added. ${formatCredentials(people)}`, json: { slug, name, people } }
}

function tenantError(slug: string, fault: TenantFault): UserError {
  switch (fault.kind) {
    case 'slug-taken':
      return new UserError(`The company "${slug}" exists already. Nothing has changed.`)
    case 'number-taken':
      return new UserError(`${formatPhoneNumber(fault.e164)} belongs to a company already. Nothing has changed.`)
    case 'trunk-repeated':
      return new UserError(`--trunk ${fault.endpoint} is given twice. Nothing has changed.`)
    case 'no-trunk':
      return new UserError('--trunk is missing: no trunk serves all companies, so no call could leave. Nothing has changed.')
    default:
      return staffError(fault)
  }
}
