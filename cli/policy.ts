import { InvalidArgumentError } from 'commander'
import type { Database } from '../domain/database/pool.ts'
import { countRecordingsBefore, keptSince } from '../domain/recordings/retention.ts'
import { policyKeys, policyOf, policySettings, type PolicyKey, type PolicyValue } from '../domain/tenants/policy-settings.ts'
import { changePolicy, findTenant, type Tenant, type TenantPolicy } from '../domain/tenants/tenants.ts'
import { databaseAction, noun, verb, type Output } from './command.ts'
import { findCompany, inCompany, slugHelp } from './company.ts'
import { confirm, withYesOption, type YesOption } from './confirmation.ts'
import { policyFaultText, policyHelp } from './policy-text.ts'
import type { Shell, ShellCommand } from './shell.ts'
import { propertyTable, table } from './tables.ts'

/** `policy show | set` */
export function policyCommands(program: ShellCommand): void {
  const policy = noun(program, 'policy', 'limits, billing, alarms and language of a company')

  verb(policy, 'show', 'shows each setting and what it means').argument('<slug>', slugHelp).action(databaseAction(show))

  withYesOption(verb(policy, 'set', 'changes settings, all of the given ones or none; they count from the next call on'))
    .argument('<slug>', slugHelp)
    .argument('<key=value...>', `such as max-calls=20 day-calls=none; keys: ${policyKeys.join(', ')}`, settingArgument)
    .action(databaseAction(set))
}

/** A company's settings as rows of a table. */
export function policyRows(tenant: Tenant): [key: PolicyKey, value: string][] {
  const policy = policyOf(tenant)
  return policyKeys.map((key) => [key, formatValue(policy[key])])
}

async function show(db: Database, slug: string): Promise<Output> {
  const tenant = await findCompany(db, slug)
  const rows = policyRows(tenant).map(([key, value]) => [key, value, policyHelp[key]])
  return { text: table({ policy: 'left', is: 'left', means: 'left' }, rows, ''), json: policyOf(tenant) }
}

async function set(
  db: Database,
  slug: string,
  changes: Map<PolicyKey, TenantPolicy>,
  { yes }: YesOption,
  { shell }: ShellCommand,
): Promise<Output> {
  const change = Object.assign({}, ...changes.values()) as TenantPolicy
  if (change.spend_alarm_factor === 0)
    await confirm(shell, 'Without the spend alarm, a stolen password can make calls until the balance is used up.', slug, { yes })
  if (typeof change.recording_days === 'number') await confirmDeletion(db, shell, slug, change.recording_days, { yes })
  return inCompany(db, slug, async (trx, before) => {
    await changePolicy(trx, before.id, change, new Date())
    const after = await findTenant(trx, before.id)
    const valueOf = (key: PolicyKey, tenant: Tenant) => formatValue(policySettings[key].read(tenant))
    return {
      text: propertyTable([...changes.keys()].map((key) => [key, `${valueOf(key, after)} (was ${valueOf(key, before)})`])),
      json: policyOf(after),
    }
  })
}

/** Asks before a shorter retention deletes recordings. */
async function confirmDeletion(db: Database, shell: Shell, slug: string, days: number, option: YesOption): Promise<void> {
  const { id } = await findCompany(db, slug)
  const count = await countRecordingsBefore(db, id, keptSince(days, new Date()))
  if (count > 0) await confirm(shell, `Recordings older than ${days} days are deleted within minutes: ${count} of them.`, slug, option)
}

/** `max-calls=20`. Commander parses all arguments before the action starts, so one wrong setting changes nothing. */
function settingArgument(text: string, before: Map<PolicyKey, TenantPolicy> | undefined): Map<PolicyKey, TenantPolicy> {
  const [, name, value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  const key = policyKeys.find((known) => known === name)
  if (key === undefined) throw new InvalidArgumentError(`It must be key=value, with one of the keys ${policyKeys.join(', ')}.`)
  const parsed = policySettings[key].parse(value)
  if (parsed.kind !== 'change') throw new InvalidArgumentError(`${key} must be ${policyFaultText(parsed)}.`)
  return new Map(before).set(key, parsed.change)
}

function formatValue(value: PolicyValue): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return value === null ? 'none' : String(value)
}
