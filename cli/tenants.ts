import { listCallingHours } from '../domain/policy/calling-hours.ts'
import type { Database } from '../domain/database/pool.ts'
import { listNumbers } from '../domain/telephony/did-numbers.ts'
import { formatPhoneNumber } from '../domain/telephony/phone-numbers.ts'
import { findPause } from '../domain/policy/spend-alarm.ts'
import { changePolicy, listTenants } from '../domain/tenants/tenants.ts'
import { listTrunksFor } from '../domain/telephony/trunks.ts'
import { authored } from './author-option.ts'
import { answering, noun, verb, type Answer } from './command.ts'
import { findCompany, inCompany, slugHelp } from './company.ts'
import { asking, confirm, type Asking } from './confirmation.ts'
import { minutesWords } from './durations.ts'
import { hoursHelp, hoursWords } from './hours-words.ts'
import { pauseWords } from './calls.ts'
import { readAgent, readManager } from './people-words.ts'
import { policyOf, policyWords } from './policy.ts'
import { factTable, table } from './tables.ts'
import { newTenant, slug } from './new-tenant.ts'
import type { Shell, ShellCommand } from './shell.ts'
import { each, endpoint, ownNumber, textUpTo, wholeNumber } from './arguments.ts'

/** `tenant add | list | show | suspend | resume` */
export function tenantCommands(program: ShellCommand): void {
  const tenant = noun(program, 'tenant', 'companies')

  authored(verb(tenant, 'add', 'a company with its people, number and first minutes; passwords are made here and shown once'))
    .argument('<slug>', "short name, lower case: part of its phones' names and of its recordings' folder", slug)
    .requiredOption('--name <name>', 'as people call it', textUpTo(120))
    .requiredOption('--number <number>', 'that a carrier assigned to it, and its calls show; again for each', each(ownNumber))
    .requiredOption('--minutes <minutes>', 'its first minutes', wholeNumber(0, 9_999_999))
    .requiredOption('--manager <"Name <e-mail>">', 'somebody who sees the balance; again for each', each(readManager))
    .option('--agent <"101 Name <e-mail>">', 'extension, name and e-mail; again for each', each(readAgent))
    .option('--trunk <endpoint>', 'an endpoint of local/trunks.conf; again for one that is tried after it', each(endpoint))
    .option('--hours <hours>', hoursHelp, 'mon-fri 9-18')
    .action(answering(newTenant))

  verb(tenant, 'list', 'all companies').action(answering(list))

  verb(tenant, 'show', 'one company: balance, limits, hours, numbers, trunks').argument('<slug>', slugHelp).action(answering(show))

  asking(verb(tenant, 'suspend', 'refuses its calls, but for emergency numbers; asks first'))
    .argument('<slug>', slugHelp)
    .action(
      answering(async (db, slug: string, options: Asking, { shell }: ShellCommand) => setStatus(db, slug, 'suspended', options, shell)),
    )

  asking(verb(tenant, 'resume', 'lets a suspended company call again; asks first'))
    .argument('<slug>', slugHelp)
    .action(answering(async (db, slug: string, options: Asking, { shell }: ShellCommand) => setStatus(db, slug, 'active', options, shell)))
}

async function list(db: Database): Promise<Answer> {
  const tenants = await listTenants(db)
  return {
    text: table(
      { slug: 'left', name: 'left', '': 'left', balance: 'right', held: 'right' },
      tenants.map((tenant) => [
        tenant.slug,
        tenant.name,
        tenant.status === 'active' ? '' : tenant.status,
        minutesWords(tenant.balance_seconds),
        minutesWords(tenant.held_seconds),
      ]),
      'No companies yet. The command "tenant add --help" shows how to add one.',
    ),
    json: tenants.map(({ slug, name, status, balance_seconds, held_seconds }) => ({
      slug,
      name,
      status,
      balanceSeconds: balance_seconds,
      heldSeconds: held_seconds,
    })),
  }
}

async function show(db: Database, slug: string): Promise<Answer> {
  const tenant = await findCompany(db, slug)
  const hours = await listCallingHours(db, tenant.id)
  const numbers = await listNumbers(db, tenant.id)
  const trunks = (await listTrunksFor(db, tenant.id)).map((trunk) => trunk.endpoint)
  const pause = await findPause(db, tenant.id)
  return {
    text: factTable([
      ['company', `${tenant.name} (${tenant.slug}), ${tenant.status}`],
      ['balance', minutesWords(tenant.balance_seconds)],
      ['held by calls', minutesWords(tenant.held_seconds)],
      ['every month', tenant.monthly_seconds === 0 ? 'none' : minutesWords(tenant.monthly_seconds)],
      ['paused', pause ? pauseWords(tenant, pause) : 'no'],
      ['hours', hoursWords(hours)],
      ['numbers', numbers.map(formatPhoneNumber).join(', ') || 'none: no call can leave'],
      ['trunks', `${trunks.join(', ') || 'none: no call can leave'} (${tenant.trunk_order})`],
      ...policyWords(tenant),
    ]),
    json: {
      slug: tenant.slug,
      name: tenant.name,
      status: tenant.status,
      balanceSeconds: tenant.balance_seconds,
      heldSeconds: tenant.held_seconds,
      monthlySeconds: tenant.monthly_seconds,
      pause,
      hours: { words: hoursWords(hours), stretches: hours },
      numbers,
      trunks,
      trunkOrder: tenant.trunk_order,
      policy: policyOf(tenant),
    },
  }
}

async function setStatus(db: Database, slug: string, status: 'active' | 'suspended', { yes }: Asking, shell: Shell): Promise<Answer> {
  const { name } = await findCompany(db, slug)
  const happens =
    status === 'active' ? `${name} would be able to call again.` : `Every new call of ${name} would be refused; calls in progress go on.`
  await confirm(shell, happens, slug, { yes })
  return inCompany(db, slug, async (trx, tenant) => {
    await changePolicy(trx, tenant.id, { status }, new Date())
    return { text: `${name} is ${status}.`, json: { slug, status } }
  })
}
