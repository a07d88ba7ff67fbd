import { InvalidArgumentError } from 'commander'
import type { Database } from '../domain/database/pool.ts'
import { countRecordingsBefore, keptSince } from '../domain/recordings/retention.ts'
import { changePolicy, findTenant, type Tenant, type TenantPolicy } from '../domain/tenants/tenants.ts'
import { answering, noun, verb, type Answer } from './command.ts'
import { findCompany, inCompany, slugHelp } from './company.ts'
import { asking, confirm, type Asking } from './confirmation.ts'
import { settings } from './policy-settings.ts'
import type { Shell, ShellCommand } from './shell.ts'
import { factTable, table } from './tables.ts'

/** `policy show | set` */
export function policyCommands(program: ShellCommand): void {
  const policy = noun(program, 'policy', 'limits, blocks, alarms and clocks of a company')

  verb(policy, 'show', 'what is set, and what it means')
    .argument('<slug>', slugHelp)
    .action(
      answering(async (db, slug: string) => {
        const tenant = await findCompany(db, slug)
        const rows = Object.entries(settings).map(([key, setting]) => [key, words(setting.read(tenant)), setting.means])
        return { text: table({ policy: 'left', is: 'left', means: 'left' }, rows, ''), json: policyOf(tenant) }
      }),
    )

  asking(verb(policy, 'set', 'sets some of it, all or nothing; counts from the next call on'))
    .argument('<slug>', slugHelp)
    .argument('<key=value...>', `such as max-calls=20 day-calls=none; keys: ${Object.keys(settings).join(', ')}`, readSettings)
    .action(answering(set))
}

/** What a company's policy is, key by key. */
export function policyOf(tenant: Tenant): Record<string, string | number | boolean | null> {
  return Object.fromEntries(Object.entries(settings).map(([key, setting]) => [key, setting.read(tenant)]))
}

export function policyWords(tenant: Tenant): [string, string][] {
  return Object.entries(settings).map(([key, setting]) => [key, words(setting.read(tenant))])
}

async function set(
  db: Database,
  slug: string,
  changes: Map<string, TenantPolicy>,
  { yes }: Asking,
  { shell }: ShellCommand,
): Promise<Answer> {
  const wanted = Object.assign({}, ...changes.values()) as TenantPolicy
  if (wanted.spend_alarm_factor === 0)
    await confirm(shell, 'Without the spend alarm a stolen password may call until the balance is gone.', slug, { yes })
  if (typeof wanted.recording_days === 'number') await confirmDeletion(db, shell, slug, wanted.recording_days, { yes })
  return inCompany(db, slug, async (trx, before) => {
    await changePolicy(trx, before.id, wanted, new Date())
    const after = await findTenant(trx, before.id)
    const shown = (key: string, tenant: Tenant) => words(settings[key]?.read(tenant) ?? null)
    return {
      text: factTable([...changes.keys()].map((key) => [key, `${shown(key, after)} (was ${shown(key, before)})`])),
      json: policyOf(after),
    }
  })
}

/** Asks before recordings go that nobody can bring back. */
async function confirmDeletion(db: Database, shell: Shell, slug: string, days: number, asked: Asking): Promise<void> {
  const { id } = await findCompany(db, slug)
  const old = await countRecordingsBefore(db, id, keptSince(days, new Date()))
  if (old > 0) await confirm(shell, `Within minutes ${old} recordings that are older will be deleted for good.`, slug, asked)
}

/** Every word is read before anything is written. */
function readSettings(word: string, before: Map<string, TenantPolicy> | undefined): Map<string, TenantPolicy> {
  const [, key = '', value = ''] = /^([^=]+)=(.*)$/s.exec(word) ?? []
  const setting = Object.hasOwn(settings, key) ? settings[key] : undefined
  if (!setting) throw new InvalidArgumentError(`Wanted: key=value, with one of ${Object.keys(settings).join(', ')}.`)
  return new Map(before).set(key, setting.write(value))
}

function words(value: string | number | boolean | null): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return value === null ? 'none' : String(value)
}
