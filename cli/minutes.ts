import { correct, topUp } from '../domain/balance/ledger.ts'
import type { Database } from '../domain/database/pool.ts'
import { startMonth } from '../domain/balance/monthly-allowance.ts'
import { changePolicy, findTenant, type Tenant } from '../domain/tenants/tenants.ts'
import { authored, type Authored } from './author-option.ts'
import { answering, noun, verb, type Answer } from './command.ts'
import { findCompany, inCompany, slugHelp } from './company.ts'
import { asking, confirm, type Asking } from './confirmation.ts'
import { minutesWords, movementWords } from './durations.ts'
import { UserError } from './user-error.ts'
import type { ShellCommand } from './shell.ts'
import { statement } from './statement.ts'
import { day, signedSeconds, textUpTo, wholeNumber } from './arguments.ts'

/** `minutes top-up | correct | monthly | statement` */
export function minuteCommands(program: ShellCommand): void {
  const minutes = noun(program, 'minutes', 'what a company may talk: bought, put right, by the month')

  authored(verb(minutes, 'top-up', 'adds minutes that a company bought'))
    .argument('<slug>', slugHelp)
    .argument('<minutes>', 'whole minutes', wholeNumber(1, 9_999_999))
    .requiredOption('--reason <text>', 'printed on the statement', textUpTo(200))
    .action(answering(topUpMinutes))

  asking(authored(verb(minutes, 'correct', 'puts a mistake right, by seconds more or fewer; asks first')))
    .argument('<slug>', slugHelp)
    .argument('<seconds>', '+90 or -90', signedSeconds)
    .requiredOption('--reason <text>', 'printed on the statement', textUpTo(200))
    .action(answering(correctMinutes))

  verb(minutes, 'monthly', 'minutes that come with every month and go with it; those of this month at once')
    .argument('<slug>', slugHelp)
    .argument('<minutes>', 'whole minutes, 0 = none', wholeNumber(0, 9_999_999))
    .action(answering(setMonthly))

  verb(minutes, 'statement', 'where the minutes came from and went, the newest last')
    .argument('<slug>', slugHelp)
    .option('--from <day>', 'from this day on, 2026-11-24', day)
    .option('--to <day>', 'until this day, and with it', day)
    .option('--limit <lines>', 'the newest lines only; 50 when no day is named', wholeNumber(1, 100_000))
    .action(answering(statement))
}

interface Reasoned extends Authored {
  reason: string
}

async function topUpMinutes(db: Database, slug: string, minutes: number, { reason, author }: Reasoned): Promise<Answer> {
  return inCompany(db, slug, async (trx, tenant) => {
    await topUp(trx, tenant.id, minutes * 60, { reason, author }, new Date())
    return moved(minutes * 60, await findTenant(trx, tenant.id))
  })
}

async function correctMinutes(
  db: Database,
  slug: string,
  seconds: number,
  { reason, author, yes }: Reasoned & Asking,
  { shell }: ShellCommand,
): Promise<Answer> {
  const before = await findCompany(db, slug)
  const happens = `${before.name} has ${minutesWords(before.balance_seconds)}; this is a correction of ${movementWords(seconds)}.`
  await confirm(shell, happens, slug, { yes })
  return inCompany(db, slug, async (trx, tenant) => {
    if (!(await correct(trx, tenant.id, seconds, { reason, author }, new Date()))) throw new UserError(tooMuch(tenant))
    return moved(seconds, await findTenant(trx, tenant.id))
  })
}

function tooMuch(tenant: Tenant): string {
  const free = tenant.balance_seconds - tenant.held_seconds
  const held = tenant.held_seconds === 0 ? '' : `, because calls in progress hold ${minutesWords(tenant.held_seconds)}`
  return `${tenant.name} has ${minutesWords(tenant.balance_seconds)}, of which ${minutesWords(free)} can be taken${held}. Nothing has changed.`
}

function moved(seconds: number, { name, balance_seconds, held_seconds }: Tenant): Answer {
  return {
    text: `${movementWords(seconds)}. ${name} now has ${minutesWords(balance_seconds)}.`,
    json: { seconds, balanceSeconds: balance_seconds, heldSeconds: held_seconds },
  }
}

/** The grant is the worker's own step, so a month that it granted a moment ago is not granted twice. */
async function setMonthly(db: Database, slug: string, minutes: number): Promise<Answer> {
  const before = await inCompany(db, slug, async (trx, tenant) => {
    await changePolicy(trx, tenant.id, { monthly_seconds: minutes * 60 }, new Date())
    return tenant
  })
  await startMonth(db, before.id, new Date())
  const after = await findTenant(db, before.id)
  const granted = after.balance_seconds - before.balance_seconds
  const says =
    minutes === 0
      ? `${after.name} gets no minutes by the month any more; what is left of this month's stays until its end.`
      : `${after.name} gets ${minutes} min every month, ${granted > 0 ? 'this one included' : "from the next month on: this month's were granted already"}.`
  return {
    text: `${says} It now has ${minutesWords(after.balance_seconds)}.`,
    json: { monthlySeconds: after.monthly_seconds, balanceSeconds: after.balance_seconds },
  }
}
