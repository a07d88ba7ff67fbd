import { formatReais } from '../domain/balance/money.ts'
import { listRates, setCarrierRate, type ListedRate } from '../domain/balance/price-list.ts'
import { setSaleRate } from '../domain/balance/rates.ts'
import type { Database } from '../domain/database/pool.ts'
import { inTransaction } from '../domain/database/transaction.ts'
import { startOfDay } from '../domain/runtime/local-time.ts'
import { serverTimeZone } from '../domain/runtime/time-zone.ts'
import type { DestinationClass } from '../domain/telephony/destination-classes.ts'
import { allTenants } from '../domain/tenants/slug.ts'
import { listTenants } from '../domain/tenants/tenants.ts'
import { day, reais, trunkEndpoint } from './arguments.ts'
import { databaseAction, noun, verb, type Output } from './command.ts'
import { inScope, scopeHelp } from './company.ts'
import { formatTime } from './dates.ts'
import { destinationArgument } from './destinations.ts'
import type { ShellCommand } from './shell.ts'
import { table } from './tables.ts'
import { noSuchTrunk } from './trunks.ts'

/** `rate list | trunk | sale` */
export function rateCommands(program: ShellCommand): void {
  const rate = noun(program, 'rate', 'reais per minute: what carriers charge, and what companies pay')

  verb(rate, 'list', 'lists current and future rates').option('--past', 'past rates too').action(databaseAction(list))

  verb(rate, 'trunk', 'sets what a carrier charges, on each of its trunks, from now or from a day on')
    .argument('<endpoint>', 'endpoint of the trunk', trunkEndpoint)
    .addArgument(destinationArgument())
    .argument('<reais>', 'per minute, such as 0,039', reais)
    .option('--from <day>', 'first day, in the time zone of São Paulo', day)
    .action(databaseAction(setTrunk))

  verb(rate, 'sale', 'sets what a company pays, from now or from a day on')
    .argument('<slug>', `${scopeHelp} without a price of their own`)
    .addArgument(destinationArgument())
    .argument('<reais>', 'per minute, such as 0,12', reais)
    .option('--from <day>', 'first day, in the time zone of the company', day)
    .action(databaseAction(setSale))
}

interface FromOption {
  from?: string
}

async function setTrunk(db: Database, endpoint: string, kind: DestinationClass, micros: number, { from }: FromOption): Promise<Output> {
  const validFrom = startOf(from, serverTimeZone)
  return inTransaction(db, async (trx) => {
    if (!(await setCarrierRate(trx, endpoint, kind, micros, validFrom))) throw noSuchTrunk(endpoint)
    return rateOutput(`The cost of ${endpoint}`, kind, micros, validFrom, serverTimeZone)
  })
}

async function setSale(db: Database, scope: string, kind: DestinationClass, micros: number, { from }: FromOption): Promise<Output> {
  return inScope(db, scope, async (trx, tenant) => {
    const timeZone = tenant?.time_zone ?? serverTimeZone
    const validFrom = startOf(from, timeZone)
    await setSaleRate(trx, tenant?.id ?? null, kind, micros, validFrom)
    return rateOutput(`The price for ${scope}`, kind, micros, validFrom, timeZone)
  })
}

function startOf(from: string | undefined, timeZone: string): Date {
  return from === undefined ? new Date() : startOfDay(from, timeZone)
}

function rateOutput(subject: string, kind: DestinationClass, micros: number, validFrom: Date, timeZone: string): Output {
  return {
    text: `${subject} is ${formatReais(micros)} per minute for ${kind} from ${formatTime(validFrom, timeZone)} on.`,
    json: { destination: kind, microsPerMinute: micros, validFrom },
  }
}

async function list(db: Database, { past = false }: { past?: boolean }): Promise<Output> {
  const slugs = new Map((await listTenants(db)).map(({ id, slug }) => [id, slug]))
  const rates = (await listRates(db, new Date())).filter(({ status }) => past || status !== 'past')
  const scopeOf = ({ tenantId }: ListedRate) => (tenantId === null ? allTenants : (slugs.get(tenantId) ?? ''))
  return {
    text: table(
      { what: 'left', trunk: 'left', for: 'left', kind: 'left', 'per minute': 'right', from: 'left', is: 'left' },
      rates.map((rate) => [
        rate.kind === 'trunk' ? 'cost' : 'price',
        rate.endpoint ?? '',
        scopeOf(rate),
        rate.destination,
        formatReais(rate.microsPerMinute),
        formatTime(rate.validFrom, serverTimeZone),
        rate.status,
      ]),
      'No rates yet.',
    ),
    json: rates.map((rate) => ({
      kind: rate.kind,
      trunk: rate.endpoint,
      for: scopeOf(rate),
      destination: rate.destination,
      microsPerMinute: rate.microsPerMinute,
      validFrom: rate.validFrom,
      is: statusJson[rate.status],
    })),
  }
}

/** Programs that read the JSON know these words. */
const statusJson: Record<ListedRate['status'], string> = { future: 'to come', current: 'counts', past: 'past' }
