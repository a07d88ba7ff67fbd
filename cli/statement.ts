import type { Database } from '../domain/database/pool.ts'
import type { LedgerKind } from '../domain/database/schema/balance.ts'
import { dayAfter, startOfDay } from '../domain/runtime/local-time.ts'
import { formatPhoneNumber } from '../domain/telephony/phone-numbers.ts'
import { listStatement, type StatementLine } from '../domain/balance/statement.ts'
import type { Output } from './command.ts'
import { findCompany } from './company.ts'
import { formatDuration, formatMovement } from './durations.ts'
import { formatTime } from './dates.ts'
import { table } from './tables.ts'

interface StatementOptions {
  from?: string
  to?: string
  limit?: number
}

/** How many lines a statement has if no option limits it. */
const defaultLines = 50

/** `minutes statement`: the ledger with its running balance. Days are in the time zone of the company. */
export async function statement(db: Database, slug: string, { from, to, limit }: StatementOptions): Promise<Output> {
  const maxLines = limit ?? (from === undefined && to === undefined ? defaultLines : undefined)
  const { id, time_zone: timeZone } = await findCompany(db, slug)
  const newestFirst = await listStatement(db, id, {
    from: from === undefined ? undefined : startOfDay(from, timeZone),
    until: to === undefined ? undefined : startOfDay(dayAfter(to), timeZone),
    limit: maxLines === undefined ? undefined : maxLines + 1,
  })
  const lines = newestFirst.slice(0, maxLines).toReversed()
  const older = newestFirst.length > lines.length ? '\n\nOlder lines are left out: show them with --from <day> or --limit <lines>.' : ''
  return {
    text: `${table(
      { when: 'left', what: 'left', movement: 'right', balance: 'right', reason: 'left', by: 'left' },
      lines.map((line) => [
        formatTime(line.created_at, timeZone),
        kindText[line.kind],
        formatMovement(line.seconds),
        formatDuration(line.balance_after_seconds),
        reasonOf(line),
        line.author,
      ]),
      'No movements.',
    )}${older}`,
    json: lines.map((line) => ({
      at: line.created_at,
      kind: line.kind,
      seconds: line.seconds,
      balanceSeconds: line.balance_after_seconds,
      reason: line.reason,
      author: line.author,
      callId: line.call_id,
      e164: line.e164,
    })),
  }
}

const kindText: Record<LedgerKind, string> = {
  'top-up': 'top-up',
  charge: 'call',
  adjustment: 'correction',
  franchise: 'monthly',
  expiry: 'expired',
}

/** The reason of a charge is its call: the lead's name and number. */
function reasonOf(line: StatementLine): string {
  if (line.call_id === null) return line.reason
  return [line.contact_name, line.e164 === null ? null : formatPhoneNumber(line.e164)].filter((part) => part !== null).join(' ')
}
