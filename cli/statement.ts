import type { Database } from '../domain/database/pool.ts'
import type { LedgerKind } from '../domain/database/schema.ts'
import { dayAfter, startOfDay } from '../domain/runtime/local-time.ts'
import { formatPhoneNumber } from '../domain/telephony/phone-numbers.ts'
import { listStatement, type StatementLine } from '../domain/balance/statement.ts'
import type { Answer } from './command.ts'
import { findCompany } from './company.ts'
import { minutesWords, movementWords } from './durations.ts'
import { momentWords } from './dates.ts'
import { table } from './tables.ts'

interface Part {
  from?: string
  to?: string
  limit?: number
}

/** How many lines there are of a statement of which no part is named. */
const usualLines = 50

/** `minutes statement`: the ledger with its running balance. Days are those of the company's own clocks. */
export async function statement(db: Database, slug: string, { from, to, limit }: Part): Promise<Answer> {
  const most = limit ?? (from === undefined && to === undefined ? usualLines : undefined)
  const { id, time_zone: timeZone } = await findCompany(db, slug)
  const newestFirst = await listStatement(db, id, {
    from: from === undefined ? undefined : startOfDay(from, timeZone),
    until: to === undefined ? undefined : startOfDay(dayAfter(to), timeZone),
    limit: most === undefined ? undefined : most + 1,
  })
  const lines = newestFirst.slice(0, most).toReversed()
  const older = newestFirst.length > lines.length ? '\n\nThere are older lines, too: --from <day> or --limit <lines> shows them.' : ''
  return {
    text: `${table(
      { when: 'left', what: 'left', movement: 'right', balance: 'right', reason: 'left', by: 'left' },
      lines.map((line) => [
        momentWords(line.created_at, timeZone),
        kinds[line.kind],
        movementWords(line.seconds),
        minutesWords(line.balance_after_seconds),
        reasonOf(line),
        line.author,
      ]),
      'Nothing moved.',
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

const kinds: Record<LedgerKind, string> = {
  'top-up': 'top-up',
  charge: 'call',
  adjustment: 'correction',
  franchise: 'monthly',
  expiry: 'expired',
}

/** A charge has no reason but the call that it was for. */
function reasonOf(line: StatementLine): string {
  if (line.call_id === null) return line.reason
  return [line.contact_name, line.e164 === null ? null : formatPhoneNumber(line.e164)].filter((part) => part !== null).join(' ')
}
