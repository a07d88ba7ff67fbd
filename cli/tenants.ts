import { formatCallingHours } from '../domain/policy/calling-hours-text.ts'
import { listCallingHours } from '../domain/policy/calling-hours.ts'
import type { Database } from '../domain/database/pool.ts'
import { listNumbers } from '../domain/telephony/did-numbers.ts'
import { formatPhoneNumber } from '../domain/telephony/phone-numbers.ts'
import { findPause } from '../domain/policy/spend-alarm.ts'
import { policyOf } from '../domain/tenants/policy-settings.ts'
import { changePolicy, listTenants } from '../domain/tenants/tenants.ts'
import { listTrunksFor } from '../domain/telephony/trunks.ts'
import { formatPause } from './calls.ts'
import { databaseAction, noun, verb, type Output } from './command.ts'
import { findCompany, inCompany, slugHelp } from './company.ts'
import { confirm, withYesOption, type YesOption } from './confirmation.ts'
import { formatDuration } from './durations.ts'
import { policyRows } from './policy.ts'
import type { Shell, ShellCommand } from './shell.ts'
import { propertyTable, table } from './tables.ts'
import { tenantAddCommand } from './tenant-add.ts'

/** `tenant add | list | show | suspend | resume` */
export function tenantCommands(program: ShellCommand): void {
  const tenant = noun(program, 'tenant', 'companies')

  tenantAddCommand(tenant)

  verb(tenant, 'list', 'lists all companies').action(databaseAction(list))

  verb(tenant, 'show', 'shows a company: balance, limits, hours, numbers, trunks').argument('<slug>', slugHelp).action(databaseAction(show))

  withYesOption(verb(tenant, 'suspend', 'refuses all calls of a company except emergency calls; asks first'))
    .argument('<slug>', slugHelp)
    .action(
      databaseAction(async (db, slug: string, option: YesOption, { shell }: ShellCommand) =>
        setStatus(db, slug, 'suspended', option, shell),
      ),
    )

  withYesOption(verb(tenant, 'resume', 'lets a suspended company call again; asks first'))
    .argument('<slug>', slugHelp)
    .action(
      databaseAction(async (db, slug: string, option: YesOption, { shell }: ShellCommand) => setStatus(db, slug, 'active', option, shell)),
    )
}

async function list(db: Database): Promise<Output> {
  const tenants = await listTenants(db)
  return {
    text: table(
      { slug: 'left', name: 'left', '': 'left', balance: 'right', held: 'right' },
      tenants.map((tenant) => [
        tenant.slug,
        tenant.name,
        tenant.status === 'active' ? '' : tenant.status,
        formatDuration(tenant.balance_seconds),
        formatDuration(tenant.held_seconds),
      ]),
      'No companies yet. "ramal tenant add --help" shows how to add one.',
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

async function show(db: Database, slug: string): Promise<Output> {
  const tenant = await findCompany(db, slug)
  const hours = await listCallingHours(db, tenant.id)
  const numbers = await listNumbers(db, tenant.id)
  const trunks = (await listTrunksFor(db, tenant.id)).map((trunk) => trunk.endpoint)
  const pause = await findPause(db, tenant.id)
  return {
    text: propertyTable([
      ['company', `${tenant.name} (${tenant.slug}), ${tenant.status}`],
      ['balance', formatDuration(tenant.balance_seconds)],
      ['held by calls', formatDuration(tenant.held_seconds)],
      ['every month', tenant.monthly_seconds === 0 ? 'none' : formatDuration(tenant.monthly_seconds)],
      ['paused', pause ? formatPause(tenant, pause) : 'no'],
      ['hours', formatCallingHours(hours)],
      ['numbers', numbers.map(formatPhoneNumber).join(', ') || 'none, so no call can leave'],
      ['trunks', `${trunks.join(', ') || 'none, so no call can leave'} (${tenant.trunk_order})`],
      ...policyRows(tenant),
    ]),
    json: {
      slug: tenant.slug,
      name: tenant.name,
      status: tenant.status,
      balanceSeconds: tenant.balance_seconds,
      heldSeconds: tenant.held_seconds,
      monthlySeconds: tenant.monthly_seconds,
      pause,
      hours: { words: formatCallingHours(hours), stretches: hours },
      numbers,
      trunks,
      trunkOrder: tenant.trunk_order,
      policy: policyOf(tenant),
    },
  }
}

async function setStatus(db: Database, slug: string, status: 'active' | 'suspended', { yes }: YesOption, shell: Shell): Promise<Output> {
  const { name } = await findCompany(db, slug)
  const consequence =
    status === 'active' ? `${name} could call again.` : `Every new call of ${name} would be refused; calls in progress continue.`
  await confirm(shell, consequence, slug, { yes })
  return inCompany(db, slug, async (trx, tenant) => {
    await changePolicy(trx, tenant.id, { status }, new Date())
    return { text: `${name} is ${status}.`, json: { slug, status } }
  })
}
