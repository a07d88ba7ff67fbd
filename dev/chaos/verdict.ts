import type { Evidence } from './evidence.ts'
import type { Finding, Judge } from './finding.ts'
import type { ObservedCall } from './observed-call.ts'
import { awayMs, clock, outageOf, stoodStillMs, describe, type Outage } from './outages.ts'
import { judgeIncoming } from './verdict-incoming.ts'
import { judgePlacing } from './verdict-placing.ts'
import { judgeRecording } from './verdict-recording.ts'
import { judgeTalk } from './verdict-talk.ts'

const judges: Judge[] = [judgePlacing, judgeRow, judgeTalk, judgeIncoming, judgeRecording]

/** One line for each broken promise of the run. */
export function brokenPromises({ seen, outages, strays }: Evidence): string[] {
  const lines = seen.flatMap((each) => judges.flatMap((judge) => judge(each, outages)).map((finding) => line(each, finding, outages)))
  return [...lines, ...strays]
}

function line(seen: ObservedCall, { promise, expected, found }: Finding, outages: readonly Outage[]): string {
  const { plan, placedAt, row, carrier, overAt } = seen
  const until = Math.max(placedAt.getTime(), overAt?.getTime() ?? 0, row?.ended_at?.getTime() ?? 0)
  const around = outages.filter((outage) => outageOf([outage], [outage.victim], placedAt.getTime() - 5000, until + 5000)).map(describe)
  const time = (name: string, at: Date | null | undefined) => (at ? [`${name} ${clock(at)}`] : [])
  const times = [
    ...time('placed', placedAt),
    ...time('answered', carrier?.answeredAt),
    ...time('over', overAt),
    ...(row ? [`by its row ${row.state}`, ...time('answered', row.answered_at), ...time('ended', row.ended_at)] : []),
  ].join(', ')
  return `${row?.id ?? 'no row'} (${plan.way}${plan.transferred ? ' and transferred' : ''} ${plan.number}, ${times}): ${promise}: expected ${expected}, found ${found}; around it: ${around.join(', ') || 'nothing'}`
}

/** A click is valid for a minute; a request in progress at that time may still be dialled. */
const requestLivesMs = 65_000

/** Promises that hold for every row. */
function judgeRow({ plan, placedAt, row, ends, charges, carried, carrier, overAt }: ObservedCall, outages: readonly Outage[]): Finding[] {
  if (!row) return []
  const findings: Finding[] = []
  const charged = charges.reduce((sum, seconds) => sum + seconds, 0)
  const check = (promise: string, holds: boolean, expected: string, found: string) => {
    if (!holds) findings.push({ promise, expected, found })
  }
  check('a call has an end', row.ended_at !== null && ['ended', 'refused', 'unreachable', 'lost'].includes(row.state), 'an end', row.state)
  check('a call ends once', ends === 1, '1 end', `${ends}`)
  check('a call is charged once', charges.length <= 1, 'a line of the statement at most', charges.join(' s and ') + ' s')
  check('a call shows its charge', charged === row.billed_seconds, `${charged} s`, `${row.billed_seconds} s`)
  check('a call belongs to its company', row.tenant_id === plan.company.tenantId, `${plan.company.tenantId}`, `${row.tenant_id}`)
  check('a lead is dialled once', carried <= 1, '1 INVITE', `${carried}`)
  const placed = placedAt.getTime()
  const waitedMs = carrier ? carrier.at.getTime() - placed : 0
  const waitsMs = requestLivesMs + stoodStillMs(outages, placed, placed + waitedMs)
  check('a call is dialled while its request is valid', waitedMs <= waitsMs, `${waitsMs / 1000} s at most`, `${waitedMs / 1000} s`)
  // A call that never reached the carrier ends when its request expires, at the latest.
  const over = overAt?.getTime() ?? (carried === 0 ? placed + requestLivesMs : null)
  const settledMs = row.ended_at && over !== null ? row.ended_at.getTime() - over : 0
  // Only the time in which worker and database run counts.
  const settlesMs = 120_000 + (over === null ? 0 : awayMs(outages, ['worker', 'mariadb'], over, over + settledMs))
  check('a call is settled within two minutes', settledMs <= settlesMs, `${settlesMs / 1000} s`, `${settledMs / 1000} s`)
  if (row.origin !== 'incoming')
    check('a dialled call was allowed', carried === 0 || row.verdict === 'allowed', 'allowed', row.verdict ?? 'none')
  return findings
}
