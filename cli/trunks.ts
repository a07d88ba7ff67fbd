import { Argument } from 'commander'
import type { Database, Trx } from '../domain/database/pool.ts'
import { formatBillingBlocks, type BillingBlocks } from '../domain/balance/billing-blocks.ts'
import { waysKeptSeconds } from '../domain/telephony/outbound-routing.ts'
import { allTenants } from '../domain/tenants/slug.ts'
import { billingRuleOf, changePolicy, listTenants } from '../domain/tenants/tenants.ts'
import { addTrunk, changeTrunk, listTenantsWithoutTrunk, listTrunks, removeTrunk, type TrunkChange } from '../domain/telephony/trunks.ts'
import { exampleOf } from '../domain/telephony/number-form.ts'
import { billingBlocks, numberForm, numberPrefix, trunkEndpoint, wholeNumber } from './arguments.ts'
import { formatBillingRule } from './billing-rules.ts'
import { databaseAction, noun, verb, type Output } from './command.ts'
import { inCompany, inScope, noSuchCompany, scopeHelp, slugHelp } from './company.ts'
import { confirm, withYesOption, type YesOption } from './confirmation.ts'
import type { ShellCommand } from './shell.ts'
import { table } from './tables.ts'
import { UserError } from './user-error.ts'

/** `trunk list | add | enable | disable | priority | remove | order` */
export function trunkCommands(program: ShellCommand): void {
  const trunk = noun(program, 'trunk', 'carriers that calls may use, for one company or for all')
  const onTrunk = (command: ShellCommand) =>
    command.argument('<slug>', scopeHelp).argument('<endpoint>', 'its endpoint in /etc/asterisk/local/trunks.conf', trunkEndpoint)

  verb(trunk, 'list', 'lists all trunks, or those that serve one company').argument('[slug]', scopeHelp).action(databaseAction(list))

  onTrunk(verb(trunk, 'add', 'adds a trunk after the others, unless --priority is given'))
    .option('--priority <number>', 'calls try the lowest number first', wholeNumber(1, 1000))
    .option('--blocks <first+next>', 'billing blocks of the carrier, in seconds', billingBlocks, {
      firstBlockSeconds: 30,
      nextBlockSeconds: 6,
    })
    .option('--free <seconds>', 'calls up to this length cost nothing', wholeNumber(0, 60), 3)
    .action(databaseAction(add))

  onTrunk(verb(trunk, 'enable', 'lets calls try a trunk again')).action(
    databaseAction(async (db, scope: string, endpoint: string) => change(db, scope, endpoint, { enabled: true }, 'calls try it again')),
  )

  onTrunk(withYesOption(verb(trunk, 'disable', 'stops new calls from trying a trunk; asks first'))).action(databaseAction(disable))

  onTrunk(verb(trunk, 'priority', 'changes the place of a trunk among the others'))
    .argument('<number>', 'calls try the lowest number first', wholeNumber(1, 1000))
    .action(
      databaseAction(async (db, scope: string, endpoint: string, priority: number) =>
        change(db, scope, endpoint, { priority }, `its priority is ${priority}`),
      ),
    )

  onTrunk(verb(trunk, 'number-form', 'sets how a carrier wants dialled numbers'))
    .argument('<form>', 'e164 (5511…, as at first), +e164 (+5511…), national (11…), 0 (011…), or 0 and a carrier code (01511…)', numberForm)
    .option('--prefix <digits>', 'digits before every number, except 190 and other short ones', numberPrefix, '')
    .action(databaseAction(setNumberForm))

  onTrunk(verb(trunk, 'caller-ids', 'sets which numbers of a company a carrier lets calls show'))
    .addArgument(
      new Argument('<which>', 'only lines with an area code, as at first, or 0300, 0303, 0800 and 4004 too').choices(['lines', 'special']),
    )
    .action(
      databaseAction(async (db, scope: string, endpoint: string, which: 'lines' | 'special') =>
        change(db, scope, endpoint, { special_caller_ids: which === 'special' }, callerIdEffects[which]),
      ),
    )

  onTrunk(withYesOption(verb(trunk, 'remove', 'removes a trunk and its rates; asks first'))).action(databaseAction(remove))

  verb(trunk, 'order', 'sets which trunk the calls of a company try first')
    .argument('<slug>', slugHelp)
    .addArgument(new Argument('<order>', 'by priority, or the cheapest rate first').choices(['priority', 'least-cost']))
    .action(databaseAction(setOrder))
}

async function list(db: Database, scope: string | undefined): Promise<Output> {
  const slugs = new Map((await listTenants(db)).map(({ id, slug }) => [id, slug]))
  if (scope !== undefined && scope !== allTenants && ![...slugs.values()].includes(scope)) throw noSuchCompany(scope)
  const trunks = (await listTrunks(db))
    .map((trunk) => ({ ...trunk, scope: trunk.tenant_id === null ? allTenants : (slugs.get(trunk.tenant_id) ?? '') }))
    .filter((trunk) => scope === undefined || trunk.scope === scope || trunk.scope === allTenants)
  return {
    text: table(
      { for: 'left', endpoint: 'left', priority: 'right', '': 'left', billing: 'left', dials: 'left', 'caller ids': 'left' },
      trunks.map((trunk) => [
        trunk.scope,
        trunk.endpoint,
        String(trunk.priority),
        trunk.enabled === 1 ? '' : 'off',
        formatBillingRule(trunk),
        exampleOf(trunk),
        trunk.special_caller_ids === 1 ? 'special' : 'lines',
      ]),
      'No trunks, so no call can leave.',
    ),
    json: trunks.map((trunk) => ({
      for: trunk.scope,
      endpoint: trunk.endpoint,
      priority: trunk.priority,
      enabled: trunk.enabled === 1,
      blocks: formatBillingBlocks(billingRuleOf(trunk)),
      freeSeconds: trunk.free_seconds,
      numberForm: trunk.number_form,
      numberPrefix: trunk.number_prefix,
      callerIds: trunk.special_caller_ids === 1 ? 'special' : 'lines',
    })),
  }
}

interface TrunkOptions {
  priority?: number
  blocks: BillingBlocks
  free: number
}

async function add(db: Database, scope: string, endpoint: string, { priority, blocks, free }: TrunkOptions): Promise<Output> {
  return inScope(db, scope, async (trx, tenant) => {
    const rule = { ...blocks, freeSeconds: free }
    if (!(await addTrunk(trx, tenant?.id ?? null, { endpoint, priority, rule })))
      throw new UserError(`${endpoint} is a trunk of ${scope} already. Nothing has changed.`)
    return { text: `Within ${waysKeptSeconds} s calls of ${scope} try ${endpoint}.`, json: { for: scope, endpoint } }
  })
}

async function disable(db: Database, scope: string, endpoint: string, { yes }: YesOption, { shell }: ShellCommand): Promise<Output> {
  await confirm(shell, `New calls of ${scope} would not try ${endpoint} any more.`, scope, { yes })
  return change(db, scope, endpoint, { enabled: false }, 'new calls do not try it')
}

async function setNumberForm(db: Database, scope: string, endpoint: string, form: string, { prefix }: { prefix: string }): Promise<Output> {
  if (form === '+e164' && prefix !== '') throw new UserError('A prefix cannot stand before a plus sign. Nothing has changed.')
  const numbers = { number_form: form, number_prefix: prefix }
  return change(db, scope, endpoint, numbers, `(11) 98765-4321 is dialled as ${exampleOf(numbers)}`)
}

const callerIdEffects = {
  lines: 'calls show a number with an area code',
  special: 'calls show the 0300, 0303, 0800 or 4004 of a company that has one',
}

async function change(db: Database, scope: string, endpoint: string, to: TrunkChange, effect: string): Promise<Output> {
  return inScope(db, scope, async (trx, tenant) => {
    if (!(await changeTrunk(trx, tenant?.id ?? null, endpoint, to))) throw notATrunkOf(scope, endpoint)
    return {
      text: `${endpoint}: ${effect}, within ${waysKeptSeconds} s.${await strandedText(trx)}`,
      json: { for: scope, endpoint, ...to },
    }
  })
}

async function remove(db: Database, scope: string, endpoint: string, { yes }: YesOption, { shell }: ShellCommand): Promise<Output> {
  await confirm(shell, `${endpoint} and its rates would be deleted for ${scope}. Past calls keep their cost.`, scope, { yes })
  return inScope(db, scope, async (trx, tenant) => {
    if (!(await removeTrunk(trx, tenant?.id ?? null, endpoint))) throw notATrunkOf(scope, endpoint)
    return {
      text: `Within ${waysKeptSeconds} s no call of ${scope} tries ${endpoint}.${await strandedText(trx)}`,
      json: { for: scope, removed: endpoint },
    }
  })
}

async function setOrder(db: Database, slug: string, order: 'priority' | 'least-cost'): Promise<Output> {
  return inCompany(db, slug, async (trx, tenant) => {
    await changePolicy(trx, tenant.id, { trunk_order: order }, new Date())
    return { text: `Calls of ${tenant.name} try trunks in the order of ${order}.`, json: { trunkOrder: order } }
  })
}

/** A line for each company that has no trunk left. */
async function strandedText(trx: Trx): Promise<string> {
  const stranded = await listTenantsWithoutTrunk(trx)
  return stranded.map(({ slug }) => `\nWarning: no trunk serves ${slug}, so none of its calls can leave, not even to 190.`).join('')
}

function notATrunkOf(scope: string, endpoint: string): UserError {
  return new UserError(`${scope} has no trunk ${endpoint}. "ramal trunk list" shows all trunks.`)
}

export function noSuchTrunk(endpoint: string): UserError {
  return new UserError(`The trunk ${endpoint} does not exist. "ramal trunk list" shows all trunks.`)
}
