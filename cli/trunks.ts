import { Argument } from 'commander'
import type { Database, Trx } from '../domain/database/pool.ts'
import { waysKeptSeconds } from '../domain/telephony/outbound-routing.ts'
import { changePolicy, listTenants } from '../domain/tenants/tenants.ts'
import { addTrunk, changeTrunk, listTenantsWithoutTrunk, listTrunks, removeTrunk } from '../domain/telephony/trunks.ts'
import { billingWords, readBlocks } from './billing-rules.ts'
import { answering, noun, verb, type Answer } from './command.ts'
import { everybody, inCompany, inScope, scopeHelp, slugHelp } from './company.ts'
import { asking, confirm, type Asking } from './confirmation.ts'
import { UserError } from './user-error.ts'
import type { ShellCommand } from './shell.ts'
import { table } from './tables.ts'
import { endpoint, wholeNumber } from './arguments.ts'

const endpointHelp = 'its endpoint in /etc/asterisk/local/trunks.conf'

/** `trunk list | add | enable | disable | priority | remove | order` */
export function trunkCommands(program: ShellCommand): void {
  const trunk = noun(program, 'trunk', 'carriers that calls may try, for one company or for all')

  verb(trunk, 'list', 'all of them, or those of one company and of all').argument('[slug]', scopeHelp).action(answering(list))

  verb(trunk, 'add', 'after the others, unless --priority says where')
    .argument('<slug>', scopeHelp)
    .argument('<endpoint>', endpointHelp, endpoint)
    .option('--priority <number>', 'the lowest is tried first', wholeNumber(1, 1000))
    .option('--blocks <first+next>', 'seconds in which the carrier counts', readBlocks, { first: 30, next: 6 })
    .option('--free <seconds>', 'a talk up to this costs nothing there', wholeNumber(0, 60), 3)
    .action(answering(add))

  verb(trunk, 'enable', 'lets calls try it again')
    .argument('<slug>', scopeHelp)
    .argument('<endpoint>', endpointHelp, endpoint)
    .action(answering(async (db, scope: string, name: string) => change(db, scope, name, { enabled: true }, 'is tried again')))

  asking(verb(trunk, 'disable', 'no new call tries it; asks first'))
    .argument('<slug>', scopeHelp)
    .argument('<endpoint>', endpointHelp, endpoint)
    .action(
      answering(async (db, scope: string, name: string, { yes }: Asking, { shell }: ShellCommand) => {
        await confirm(shell, `No new call of ${scope} would try ${name}.`, scope, { yes })
        return change(db, scope, name, { enabled: false }, 'is not tried any more')
      }),
    )

  verb(trunk, 'priority', 'moves it among the others')
    .argument('<slug>', scopeHelp)
    .argument('<endpoint>', endpointHelp, endpoint)
    .argument('<number>', 'the lowest is tried first', wholeNumber(1, 1000))
    .action(
      answering(async (db, scope: string, name: string, priority: number) =>
        change(db, scope, name, { priority }, `has priority ${priority}`),
      ),
    )

  asking(verb(trunk, 'remove', 'takes it and its rates away; asks first'))
    .argument('<slug>', scopeHelp)
    .argument('<endpoint>', endpointHelp, endpoint)
    .action(answering(remove))

  verb(trunk, 'order', "which trunk a company's calls try first")
    .argument('<slug>', slugHelp)
    .addArgument(new Argument('<order>', 'by priority, or the cheapest rate first').choices(['priority', 'least-cost']))
    .action(
      answering(async (db, slug: string, order: 'priority' | 'least-cost') =>
        inCompany(db, slug, async (trx, tenant) => {
          await changePolicy(trx, tenant.id, { trunk_order: order }, new Date())
          return { text: `${tenant.name}: trunks in the order of ${order}.`, json: { trunkOrder: order } }
        }),
      ),
    )
}

async function list(db: Database, scope: string | undefined): Promise<Answer> {
  const slugs = new Map((await listTenants(db)).map(({ id, slug }) => [id, slug]))
  const scoped = (await listTrunks(db)).map((trunk) => ({ ...trunk, scope: slugs.get(trunk.tenant_id ?? 0) ?? everybody }))
  if (scope !== undefined && scope !== everybody && ![...slugs.values()].includes(scope))
    throw new UserError(`There is no company "${scope}".`)
  const trunks = scoped.filter((trunk) => scope === undefined || trunk.scope === scope || trunk.scope === everybody)
  return {
    text: table(
      { for: 'left', endpoint: 'left', priority: 'right', '': 'left', counts: 'left' },
      trunks.map((trunk) => [trunk.scope, trunk.endpoint, String(trunk.priority), trunk.enabled ? '' : 'off', billingWords(trunk)]),
      'None: no call can leave.',
    ),
    json: trunks.map((trunk) => ({
      for: trunk.scope,
      endpoint: trunk.endpoint,
      priority: trunk.priority,
      enabled: trunk.enabled === 1,
      blocks: `${trunk.first_block_seconds}+${trunk.next_block_seconds}`,
      freeSeconds: trunk.free_seconds,
    })),
  }
}

interface Added {
  priority?: number
  blocks: { first: number; next: number }
  free: number
}

async function add(db: Database, scope: string, name: string, { priority, blocks, free }: Added): Promise<Answer> {
  const rule = { firstBlockSeconds: blocks.first, nextBlockSeconds: blocks.next, freeSeconds: free }
  return inScope(db, scope, async (trx, tenant) => {
    if (!(await addTrunk(trx, tenant?.id ?? null, { endpoint: name, priority, rule })))
      throw new UserError(`${name} is a trunk of ${scope} already. Nothing has changed.`)
    return { text: `Within ${waysKeptSeconds} s calls of ${scope} try ${name}.`, json: { for: scope, endpoint: name } }
  })
}

async function change(db: Database, scope: string, name: string, to: Parameters<typeof changeTrunk>[3], says: string): Promise<Answer> {
  return inScope(db, scope, async (trx, tenant) => {
    if (!(await changeTrunk(trx, tenant?.id ?? null, name, to))) throw unknown(name, scope)
    return { text: `Within ${waysKeptSeconds} s ${name} ${says}.${await strandedWords(trx)}`, json: { for: scope, endpoint: name, ...to } }
  })
}

async function remove(db: Database, scope: string, name: string, { yes }: Asking, { shell }: ShellCommand): Promise<Answer> {
  await confirm(shell, `${name} and its rates would be gone for ${scope}. Calls keep what they cost.`, scope, { yes })
  return inScope(db, scope, async (trx, tenant) => {
    if (!(await removeTrunk(trx, tenant?.id ?? null, name))) throw unknown(name, scope)
    return {
      text: `Within ${waysKeptSeconds} s no call of ${scope} tries ${name}.${await strandedWords(trx)}`,
      json: { for: scope, removed: name },
    }
  })
}

/** A line about each company that has no trunk left. */
async function strandedWords(trx: Trx): Promise<string> {
  const stranded = await listTenantsWithoutTrunk(trx)
  return stranded.map(({ slug }) => `\nNo trunk serves ${slug} now: none of its calls can leave, not even to 190.`).join('')
}

function unknown(name: string, scope: string): UserError {
  return new UserError(`${scope} has no trunk ${name}. The command "trunk list" shows them all.`)
}
