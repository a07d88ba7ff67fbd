import type { Seen } from './evidence.ts'
import { outageOf, type Outage } from './outages.ts'
import type { Finding, Judge } from './verdict.ts'

/** An agent who calls is put through or hears why not, and each call leaves a row or a refusal that the phone saw. */
export const judgePlacing: Judge = (seen, outages) => {
  if (seen.plan.way === 'incoming') return []
  return seen.row ? judgeRefusal(seen, outages) : judgeRowless(seen, outages)
}

function judgeRefusal(seen: Seen, outages: readonly Outage[]): Finding[] {
  const { plan, row, prompts, occupiedBy } = seen
  if (!row || row.state !== 'refused' || row.verdict === null) return []
  const findings: Finding[] = []
  const expected = plan.company.minutes !== null ? ['no-balance'] : occupiedBy.length > 0 ? ['too-many-calls'] : []
  if (!expected.includes(row.verdict))
    findings.push({ promise: 'who may call is allowed to', expected: ['allowed', ...expected].join(' or '), found: row.verdict })
  const at = row.ended_at?.getTime() ?? row.requested_at.getTime()
  // Nobody can hear an Asterisk that is away; and where the answer came too late for it, it says `unavailable`.
  if (outageOf(outages, ['asterisk'], at - 2000, at + 5000)) return findings
  const heard = prompts.map(({ name }) => name)
  const isLate = seen.silentAt.length > 0 || outageOf(outages, ['fastagi', 'mariadb'], at - 3000, at + 3000)
  if (!heard.includes(row.verdict) && !(isLate && heard.includes('unavailable')))
    findings.push({ promise: 'a refused caller hears why', expected: `the prompt ${row.verdict}`, found: heard.join(', ') || 'silence' })
  return findings
}

function judgeRowless(seen: Seen, outages: readonly Outage[]): Finding[] {
  const { plan, phone, placedAt, prompts, occupiedBy, silentAt } = seen
  if (plan.way === 'clicked' || !phone) return [{ promise: 'a click leaves a row', expected: 'a row', found: 'none' }]
  const heard = prompts.map(({ name }) => name)
  const at = placedAt.getTime()
  if (heard.includes('too-many-calls') && occupiedBy.length > 0) return []
  const down = outageOf(outages, ['fastagi', 'mariadb'], at - 3000, at + 5000)
  if (heard.includes('unavailable')) {
    if (down || silentAt.length > 0 || outageOf(outages, ['asterisk'], at - 3000, at + 5000)) return []
    return [{ promise: 'who may call is allowed to', expected: 'a row', found: 'the prompt unavailable, though nothing was away or late' }]
  }
  // The phone saw a final answer of SIP.
  if (phone.refused !== null) return []
  // A phone repeats itself for 14 s. What it asks of an Asterisk that hangs, or is killed, may stay without an answer.
  const asksUntil = phone.answeredAt ? phone.answeredAt.getTime() + 5000 : at + 15_000
  if (outageOf(outages, ['asterisk'], at - 1000, asksUntil)) return []
  // Asterisk looks every phone up there, and waits for a database that hangs.
  if (
    !phone.answeredAt &&
    (outageOf(outages, ['mariadb'], at - 3000, asksUntil, 'stop') || outageOf(outages, ['mariadb'], at - 3000, at + 5000))
  )
    return []
  return [
    {
      promise: 'every call leaves a row, or the phone sees a refusal',
      expected: 'either',
      found: phone.answeredAt ? `answered at ${phone.answeredAt.toISOString()}, and heard ${heard.join(', ') || 'nothing'}` : 'neither',
    },
  ]
}
