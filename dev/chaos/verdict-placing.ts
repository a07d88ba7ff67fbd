import type { ObservedCall } from './observed-call.ts'
import { outageOf, type Outage } from './outages.ts'
import type { Finding, Judge } from './finding.ts'

/** An agent's call is connected or refused with a reason, and leaves a row or a refusal that the phone logged. */
export const judgePlacing: Judge = (seen, outages) => {
  if (seen.plan.way === 'incoming') return []
  return seen.row ? judgeRefusal(seen, outages) : judgeRowless(seen, outages)
}

function judgeRefusal(seen: ObservedCall, outages: readonly Outage[]): Finding[] {
  const { plan, row, prompts, occupiedBy } = seen
  if (!row || row.state !== 'refused' || row.verdict === null) return []
  const findings: Finding[] = []
  const expected = plan.company.minutes !== null ? ['no-balance'] : occupiedBy.length > 0 ? ['too-many-calls'] : []
  if (!expected.includes(row.verdict))
    findings.push({ promise: 'an allowed agent can call', expected: ['allowed', ...expected].join(' or '), found: row.verdict })
  const at = row.ended_at?.getTime() ?? row.requested_at.getTime()
  // A dead Asterisk plays no prompt; after a late answer it plays `unavailable`.
  if (outageOf(outages, ['asterisk'], at - 2000, at + 5000)) return findings
  const promptNames = prompts.map(({ name }) => name)
  const isLate = seen.silentAt.length > 0 || outageOf(outages, ['fastagi', 'mariadb'], at - 3000, at + 3000)
  if (!promptNames.includes(row.verdict) && !(isLate && promptNames.includes('unavailable')))
    findings.push({
      promise: 'a refused caller hears why',
      expected: `the prompt ${row.verdict}`,
      found: promptNames.join(', ') || 'silence',
    })
  return findings
}

function judgeRowless(seen: ObservedCall, outages: readonly Outage[]): Finding[] {
  const { plan, phone, placedAt, prompts, occupiedBy, silentAt } = seen
  if (plan.way === 'clicked' || !phone) return [{ promise: 'a click leaves a row', expected: 'a row', found: 'none' }]
  const promptNames = prompts.map(({ name }) => name)
  const at = placedAt.getTime()
  if (promptNames.includes('too-many-calls') && occupiedBy.length > 0) return []
  const down = outageOf(outages, ['fastagi', 'mariadb'], at - 3000, at + 5000)
  if (promptNames.includes('unavailable')) {
    if (down || silentAt.length > 0 || outageOf(outages, ['asterisk'], at - 3000, at + 5000)) return []
    return [
      { promise: 'an allowed agent can call', expected: 'a row', found: 'the prompt unavailable, without an outage or a late answer' },
    ]
  }
  // The phone got a final SIP answer.
  if (phone.refused !== null) return []
  // A phone repeats its INVITE for 14 s. An Asterisk that hangs or is killed may not answer it.
  const asksUntil = phone.answeredAt ? phone.answeredAt.getTime() + 5000 : at + 15_000
  if (outageOf(outages, ['asterisk'], at - 1000, asksUntil)) return []
  // Asterisk looks up every phone in the database, and waits if it hangs.
  if (
    !phone.answeredAt &&
    (outageOf(outages, ['mariadb'], at - 3000, asksUntil, 'stop') || outageOf(outages, ['mariadb'], at - 3000, at + 5000))
  )
    return []
  return [
    {
      promise: 'every call leaves a row, or the phone sees a refusal',
      expected: 'either',
      found: phone.answeredAt
        ? `answered at ${phone.answeredAt.toISOString()}, and heard ${promptNames.join(', ') || 'nothing'}`
        : 'neither',
    },
  ]
}
