import type { Database } from '../domain/database/pool.ts'
import type { DestinationClass } from '../domain/telephony/destination-classes.ts'
import { inTransaction } from '../domain/database/transaction.ts'
import { startOfDay } from '../domain/runtime/local-time.ts'
import { listSaleRates, listTrunkRates, setSaleRate, setTrunkRate } from '../domain/balance/rates.ts'
import { listTenants } from '../domain/tenants/tenants.ts'
import { listTrunks } from '../domain/telephony/trunks.ts'
import { answering, noun, verb, type Answer } from './command.ts'
import { everybody, inScope, scopeHelp } from './company.ts'
import { destinationArgument } from './destinations.ts'
import { UserError } from './user-error.ts'
import { momentWords, serverTimeZone } from './dates.ts'
import { moneyWords, readMicros } from './money.ts'
import type { ShellCommand } from './shell.ts'
import { table } from './tables.ts'
import { day, endpoint } from './arguments.ts'

/** `rate list | trunk | sale` */
export function rateCommands(program: ShellCommand): void {
  const rate = noun(program, 'rate', 'reais a minute: what carriers charge, and what companies pay')

  verb(rate, 'list', 'what counts now and what is to come').option('--past', 'what counted before, too').action(answering(list))

  verb(rate, 'trunk', 'what a carrier charges, from now or from a day on; for each of its trunks')
    .argument('<endpoint>', 'the endpoint of the trunk', endpoint)
    .addArgument(destinationArgument())
    .argument('<reais>', 'a minute: 0,039', readMicros)
    .option('--from <day>', 'a day in São Paulo', day)
    .action(answering(setTrunk))

  verb(rate, 'sale', 'what a company pays, from now or from a day on')
    .argument('<slug>', `${scopeHelp} that have no price of their own`)
    .addArgument(destinationArgument())
    .argument('<reais>', 'a minute: 0,12', readMicros)
    .option('--from <day>', "a day of the company's own clocks", day)
    .action(answering(setSale))
}

interface From {
  from?: string
}

async function setTrunk(db: Database, name: string, kind: DestinationClass, micros: number, { from }: From): Promise<Answer> {
  const validFrom = momentOf(from, serverTimeZone)
  return inTransaction(db, async (trx) => {
    const trunks = (await listTrunks(trx)).filter((trunk) => trunk.endpoint === name)
    if (trunks.length === 0) throw new UserError(`There is no trunk ${name}. The command "trunk list" shows them all.`)
    for (const { id } of trunks) await setTrunkRate(trx, id, kind, micros, validFrom)
    return setAnswer(`The cost of ${name}`, kind, micros, validFrom, serverTimeZone)
  })
}

async function setSale(db: Database, scope: string, kind: DestinationClass, micros: number, { from }: From): Promise<Answer> {
  return inScope(db, scope, async (trx, tenant) => {
    const timeZone = tenant?.time_zone ?? serverTimeZone
    const validFrom = momentOf(from, timeZone)
    await setSaleRate(trx, tenant?.id ?? null, kind, micros, validFrom)
    return setAnswer(`The price for ${scope}`, kind, micros, validFrom, timeZone)
  })
}

function momentOf(from: string | undefined, timeZone: string): Date {
  return from === undefined ? new Date() : startOfDay(from, timeZone)
}

function setAnswer(what: string, kind: DestinationClass, micros: number, validFrom: Date, timeZone: string): Answer {
  return {
    text: `${what} is ${moneyWords(micros)} a minute for ${kind} from ${momentWords(validFrom, timeZone)} on.`,
    json: { destination: kind, microsPerMinute: micros, validFrom },
  }
}

async function list(db: Database, { past = false }: { past?: boolean }): Promise<Answer> {
  const slugs = new Map((await listTenants(db)).map(({ id, slug }) => [id, slug]))
  const endpoints = new Map((await listTrunks(db)).map((trunk) => [trunk.id, trunk]))
  const rates = [
    ...(await listTrunkRates(db)).map((rate) => {
      const trunk = endpoints.get(rate.trunk_id)
      return { ...rate, kind: 'trunk', of: trunk?.endpoint ?? '', for: slugs.get(trunk?.tenant_id ?? 0) ?? everybody }
    }),
    ...(await listSaleRates(db)).map((rate) => ({ ...rate, kind: 'sale', of: '', for: slugs.get(rate.tenant_id) ?? everybody })),
  ]
  const now = new Date()
  const seen = new Set<string>()
  // The newest comes first, so the first that is not in the future is the one that counts.
  const shown = rates
    .map((rate) => {
      const key = [rate.kind, rate.of, rate.for, rate.destination].join(' ')
      const is = rate.valid_from > now ? 'to come' : seen.has(key) ? 'past' : 'counts'
      if (is === 'counts') seen.add(key)
      return { ...rate, is }
    })
    .filter((rate) => past || rate.is !== 'past')
  return {
    text: table(
      { what: 'left', trunk: 'left', for: 'left', kind: 'left', 'a minute': 'right', from: 'left', is: 'left' },
      shown.map((rate) => [
        rate.kind === 'trunk' ? 'cost' : 'price',
        rate.of,
        rate.for,
        rate.destination,
        moneyWords(rate.micros_per_minute),
        momentWords(rate.valid_from, serverTimeZone),
        rate.is,
      ]),
      'No rates yet.',
    ),
    json: shown.map((rate) => ({
      kind: rate.kind,
      trunk: rate.kind === 'trunk' ? rate.of : null,
      for: rate.for,
      destination: rate.destination,
      microsPerMinute: rate.micros_per_minute,
      validFrom: rate.valid_from,
      is: rate.is,
    })),
  }
}
