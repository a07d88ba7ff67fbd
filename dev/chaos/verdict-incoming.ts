import type { ObservedCall } from './observed-call.ts'
import { outageOf, stoodStillMs, type Outage } from './outages.ts'
import { talkBounds } from './talk-bounds.ts'
import type { Finding, Judge } from './finding.ts'

/** An incoming call costs nothing, has a row or was refused, and is answered while everything runs. */
export const judgeIncoming: Judge = (seen, outages) => {
  const { plan, row, carrier, placedAt, prompts, silentAt } = seen
  if (plan.way !== 'incoming') return []
  const at = (carrier?.at ?? placedAt).getTime()
  const isAway = outageOf(outages, ['fastagi', 'mariadb', 'asterisk'], at - 3000, at + 8000) || silentAt.length > 0
  if (!row) {
    // An outage refused the call.
    if (isAway && !carrier?.answeredAt) return []
    return [{ promise: 'an incoming call leaves a row', expected: 'a row', found: carrier?.answeredAt ? 'a talk without one' : 'none' }]
  }
  const findings: Finding[] = []
  if (row.billed_seconds !== 0)
    findings.push({ promise: 'an incoming call costs nothing', expected: '0 s', found: `${row.billed_seconds} s` })
  if (!carrier?.answeredAt) {
    // After an outage, agents are busy until their open calls are settled.
    const isFirst = !outages.some(({ victim, from }) => ['fastagi', 'mariadb', 'asterisk'].includes(victim) && from.getTime() < at + 8000)
    if (isFirst) findings.push({ promise: 'an incoming call is answered', expected: 'a talk', found: row.verdict ?? row.state })
    if (row.verdict === 'nobody' && !isAway && !prompts.some(({ name }) => name === 'incoming-nobody'))
      findings.push({ promise: 'a caller without a free agent hears the prompt', expected: 'the prompt incoming-nobody', found: 'silence' })
    return findings
  }
  return [...findings, ...judgeTalk(seen, outages)]
}

function judgeTalk(seen: ObservedCall, outages: readonly Outage[]): Finding[] {
  const { plan, row, carrier, overAt, carrierMs, killed } = seen
  if (!row || !carrier?.answeredAt || !overAt) return [{ promise: 'a talk ends', expected: 'an end at the carrier', found: 'none' }]
  const findings: Finding[] = []
  const { leastMs, mostMs, exception } = talkBounds(seen, outages)
  const [least, most] = [Math.max(0, Math.ceil(leastMs / 1000)), Math.ceil(mostMs / 1000)]
  if (row.answered_at === null) findings.push({ promise: 'an answer is stored', expected: 'answered', found: row.state })
  else if (row.talk_seconds < least || row.talk_seconds > most)
    findings.push({
      promise: 'a talk is as long as at the carrier',
      expected: `${least} to ${most} s, ${carrierMs / 1000} s at the carrier${exception === null ? '' : ` (${exception})`}`,
      found: `${row.talk_seconds} s`,
    })
  const stillMs = stoodStillMs(outages, carrier.answeredAt.getTime(), overAt.getTime())
  if (carrierMs < plan.talkMs - 1500 - stillMs && !killed)
    findings.push({ promise: 'a talk is not cut short', expected: `${plan.talkMs / 1000} s of talk`, found: `${carrierMs / 1000} s` })
  return findings
}
