import { changeMonthlyAllowance } from '../domain/balance/change-monthly-allowance.ts'
import { correct, topUp } from '../domain/balance/ledger.ts'
import type { Database } from '../domain/database/pool.ts'
import { findTenant, unheldSeconds, type Tenant } from '../domain/tenants/tenants.ts'
import { day, signedSeconds, textUpTo, wholeNumber } from './arguments.ts'
import { withAuthorOption, type AuthorOption } from './author-option.ts'
import { databaseAction, noun, verb, type Output } from './command.ts'
import { findCompany, inCompany, slugHelp } from './company.ts'
import { confirm, withYesOption, type YesOption } from './confirmation.ts'
import { formatDuration, formatMovement } from './durations.ts'
import type { ShellCommand } from './shell.ts'
import { statement } from './statement.ts'
import { UserError } from './user-error.ts'

/** `minutes top-up | correct | monthly | statement` */
export function minuteCommands(program: ShellCommand): void {
  const minutes = noun(program, 'minutes', 'the minutes that a company may talk')

  withAuthorOption(verb(minutes, 'top-up', 'adds minutes that a company bought'))
    .argument('<slug>', slugHelp)
    .argument('<minutes>', 'whole minutes', wholeNumber(1, 9_999_999))
    .requiredOption('--reason <text>', 'printed on the statement', textUpTo(200))
    .action(databaseAction(topUpMinutes))

  withYesOption(withAuthorOption(verb(minutes, 'correct', 'corrects a mistake: adds or takes away seconds; asks first')))
    .argument('<slug>', slugHelp)
    .argument('<seconds>', '+90 or -90', signedSeconds)
    .requiredOption('--reason <text>', 'printed on the statement', textUpTo(200))
    .action(databaseAction(correctMinutes))

  verb(minutes, 'monthly', 'sets the minutes that a company gets every month and loses at its end; starts with this month')
    .argument('<slug>', slugHelp)
    .argument('<minutes>', 'whole minutes, 0 = none', wholeNumber(0, 9_999_999))
    .action(databaseAction(setMonthly))

  verb(minutes, 'statement', 'lists every movement of the minutes, newest last')
    .argument('<slug>', slugHelp)
    .option('--from <day>', 'first day, such as 2026-11-24', day)
    .option('--to <day>', 'last day', day)
    .option('--limit <lines>', 'only this many, the newest ones; 50 if no day is given', wholeNumber(1, 100_000))
    .action(databaseAction(statement))
}

interface MovementOptions extends AuthorOption {
  reason: string
}

async function topUpMinutes(db: Database, slug: string, minutes: number, { reason, author }: MovementOptions): Promise<Output> {
  return inCompany(db, slug, async (trx, tenant) => {
    await topUp(trx, tenant.id, minutes * 60, { reason, author }, new Date())
    return movementOutput(minutes * 60, await findTenant(trx, tenant.id))
  })
}

async function correctMinutes(
  db: Database,
  slug: string,
  seconds: number,
  { reason, author, yes }: MovementOptions & YesOption,
  { shell }: ShellCommand,
): Promise<Output> {
  const { name, balance_seconds } = await findCompany(db, slug)
  await confirm(shell, `${name} has ${formatDuration(balance_seconds)}; the correction is ${formatMovement(seconds)}.`, slug, { yes })
  return inCompany(db, slug, async (trx, tenant) => {
    if (!(await correct(trx, tenant.id, seconds, { reason, author }, new Date()))) throw tooMuch(tenant)
    return movementOutput(seconds, await findTenant(trx, tenant.id))
  })
}

function tooMuch(tenant: Tenant): UserError {
  const [balance, held] = [formatDuration(tenant.balance_seconds), formatDuration(tenant.held_seconds)]
  const reason = tenant.held_seconds === 0 ? '' : `: calls in progress hold ${held}`
  return new UserError(
    `${tenant.name} has ${balance}, and at most ${formatDuration(unheldSeconds(tenant))} can be taken away${reason}. Nothing has changed.`,
  )
}

function movementOutput(seconds: number, { name, balance_seconds, held_seconds }: Tenant): Output {
  return {
    text: `${formatMovement(seconds)}. ${name} now has ${formatDuration(balance_seconds)}.`,
    json: { seconds, balanceSeconds: balance_seconds, heldSeconds: held_seconds },
  }
}

async function setMonthly(db: Database, slug: string, minutes: number): Promise<Output> {
  const { id, name } = await findCompany(db, slug)
  const { granted, tenant } = await changeMonthlyAllowance(db, id, minutes * 60, new Date())
  const from = granted ? 'from this month on' : "from next month on: this month's minutes were granted already"
  const change =
    minutes === 0
      ? `${name} gets no more monthly minutes; the rest of this month's minutes stays until the end of the month.`
      : `${name} gets ${minutes} min every month, ${from}.`
  return {
    text: `${change} It now has ${formatDuration(tenant.balance_seconds)}.`,
    json: { monthlySeconds: tenant.monthly_seconds, balanceSeconds: tenant.balance_seconds },
  }
}
