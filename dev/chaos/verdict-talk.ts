import { chargeFor, payable } from './charge.ts'
import { smallSeconds, topUpSeconds } from './companies.ts'
import type { ObservedCall } from './observed-call.ts'
import { deafForMs, muteForMs, outageOf, stoodStillMs, type Outage } from './outages.ts'
import { talkBounds } from './talk-bounds.ts'
import type { Finding, Judge } from './finding.ts'

/** The charge and length of outgoing calls with a row. */
export const judgeTalk: Judge = (seen, outages) => {
  const { plan, row, carrier } = seen
  if (!row || plan.way === 'incoming') return []
  if (!carrier?.answeredAt) return judgeUnanswered(seen, outages)
  if (!seen.overAt) return [{ promise: 'a talk ends', expected: 'an end at the carrier', found: 'none' }]
  // The meter may have started after the dialplan gave up.
  if (row.answered_at === null || row.outcome === 'our-failure') return judgeUnmetered(seen, outages)
  return [...judgeCharge(seen, outages), ...judgeLength(seen, outages), ...judgeReport(seen, outages), ...judgeTransfer(seen, outages)]
}

function judgeCharge(seen: ObservedCall, outages: readonly Outage[]): Finding[] {
  const { plan, row, carrierMs } = seen
  if (!row) return []
  const { company } = plan
  const findings: Finding[] = []
  const { leastMs, mostMs, exception } = talkBounds(seen, outages)
  const why = exception === null ? '' : ` (${exception})`
  const carried = `${(carrierMs / 1000).toFixed(3)} s at the carrier`
  const [least, most] = [Math.max(0, Math.ceil(leastMs / 1000)), Math.ceil(mostMs / 1000)]
  if (row.talk_seconds < least || row.talk_seconds > most)
    findings.push({
      promise: 'a talk is as long as at the carrier',
      expected: `${least} to ${most} s, ${carried}${why}`,
      found: `${row.talk_seconds} s`,
    })
  const owns = company.minutes === null ? Infinity : payable(company.minutes + (seen.boughtAt ? plan.boughtSeconds : 0), company.rule)
  const cheapest = Math.min(
    chargeFor(leastMs, company.rule),
    // After an earlier call, an allowed call finds at least one block of minutes.
    plan.outOfMinutes ? Math.min(owns, company.rule.firstSeconds) : owns,
  )
  const dearest = Math.min(chargeFor(mostMs, company.rule), owns)
  if (row.billed_seconds < cheapest || row.billed_seconds > dearest)
    findings.push({
      promise: 'a talk costs what the rule says',
      expected: `${cheapest} to ${dearest} s, ${carried}${why}`,
      found: `${row.billed_seconds} s`,
    })
  return findings
}

/** A talk is neither cut short nor longer than its paid minutes. */
function judgeLength(seen: ObservedCall, outages: readonly Outage[]): Finding[] {
  const { plan, carrierMs, overAt, carrier, killed } = seen
  if (!overAt || !carrier?.answeredAt) return []
  const over = overAt.getTime()
  const paidMs = paidSeconds(seen, overAt, outages) * 1000
  const findings: Finding[] = []
  const stillMs = deafForMs(outages, carrier.answeredAt.getTime()) + stoodStillMs(outages, over - 8000, over) + muteForMs(outages, over)
  if (carrierMs > paidMs + 1000 + stillMs)
    findings.push({
      promise: 'a call ends within its reserved minutes',
      expected: `${paidMs / 1000} s at most`,
      found: `${carrierMs / 1000} s`,
    })
  // A question without an answer, of three seconds, can end a call; a transfer needs every answer.
  const silentFrom = plan.transferred ? carrier.answeredAt.getTime() : over - 3500
  const isSilenced =
    outageOf(outages, ['fastagi', 'mariadb'], silentFrom - 3000, over) || seen.silentAt.some((at) => at.getTime() >= silentFrom)
  const isHung = plan.transferred && outageOf(outages, ['asterisk'], silentFrom, over)
  // The minutes may end a little early, but not by a tick. What an earlier call left is unknown.
  const wantedMs = plan.outOfMinutes ? 0 : Math.min(plan.talkMs, paidMs - 2000)
  if (carrierMs < wantedMs - 1500 && !killed && !isSilenced && !isHung)
    findings.push({ promise: 'a talk is not cut short', expected: `${wantedMs / 1000} s of talk`, found: `${carrierMs / 1000} s` })
  return findings
}

/** What an earlier call left is unknown, but a talk is charged for all that it used. */
function paidSeconds(seen: ObservedCall, overAt: Date, outages: readonly Outage[]): number {
  const { plan, row, boughtAt } = seen
  if (plan.company.minutes === null) return Infinity
  if (plan.outOfMinutes && row && talkBounds(seen, outages).exception === null) return row.billed_seconds
  return smallSeconds + (boughtAt && boughtAt < overAt ? topUpSeconds : 0)
}

/** While everything runs, Asterisk reports the end of a call. */
function judgeReport({ row, overAt, silentAt }: ObservedCall, outages: readonly Outage[]): Finding[] {
  if (!row || !overAt || row.state === 'ended') return []
  const over = overAt.getTime()
  if (outageOf(outages, ['fastagi', 'mariadb', 'asterisk'], over - 3000, over + 4000)) return []
  if (silentAt.some((at) => Math.abs(at.getTime() - over) < 8000)) return []
  return [{ promise: 'an end is reported', expected: 'ended', found: row.state }]
}

function judgeTransfer({ transfer, silentAt }: ObservedCall, outages: readonly Outage[]): Finding[] {
  if (!transfer || transfer.state === 'answered') return []
  const at = transfer.at.getTime()
  if (outageOf(outages, ['fastagi', 'mariadb', 'asterisk'], at - 3000, at + 8000)) return []
  if (silentAt.some((silent) => silent.getTime() > at - 1000 && silent.getTime() < at + 12_000)) return []
  return [{ promise: 'a transferred call reaches the colleague', expected: 'answered', found: transfer.state ?? 'no transfer' }]
}

/** A lead who answers without a meter is hung up within three seconds, free of charge. */
function judgeUnmetered(seen: ObservedCall, outages: readonly Outage[]): Finding[] {
  const { row, carrier, carrierMs, silentAt } = seen
  if (!row || !carrier?.answeredAt) return []
  const at = carrier.answeredAt.getTime()
  const findings: Finding[] = []
  const stillMs = Math.max(deafForMs(outages, at), stoodStillMs(outages, at, at + carrierMs))
  const mostMs = 4000 + stillMs + muteForMs(outages, at + carrierMs)
  if (carrierMs > mostMs)
    findings.push({
      promise: 'a lead without a meter is hung up within 3 s',
      expected: `${mostMs / 1000} s at most`,
      found: `${carrierMs / 1000} s`,
    })
  if (row.billed_seconds > 0 || row.talk_seconds > 0)
    findings.push({
      promise: 'talk without a meter costs nothing',
      expected: '0 s',
      found: `${row.billed_seconds} s for ${row.talk_seconds} s`,
    })
  const excused =
    outageOf(outages, ['fastagi', 'mariadb', 'asterisk'], at - 3000, at + 4000) ??
    silentAt.find((silent) => Math.abs(silent.getTime() - at) < 6000)
  // Both sides may hang up during the question.
  if (!excused && carrierMs > 500)
    findings.push({ promise: 'an answered call is connected', expected: 'a talk', found: `${row.state}, ${row.outcome}` })
  return findings
}

const outcomeOf = { 'is busy': 'busy', 'never answers': 'no-answer', rejects: 'rejected' } as const

function judgeUnanswered(seen: ObservedCall, outages: readonly Outage[]): Finding[] {
  const { plan, row, carrier, silentAt } = seen
  if (!row) return []
  const findings: Finding[] = []
  if (row.billed_seconds > 0 || row.talk_seconds > 0 || row.answered_at !== null)
    findings.push({ promise: 'ringing is free', expected: '0 s', found: `${row.billed_seconds} s for ${row.talk_seconds} s` })
  if (row.verdict !== 'allowed') return findings
  if (!carrier) return [...findings, ...judgeUndialled(seen, outages)]
  if (plan.lead === 'hangs up' || plan.lead === 'listens') return findings
  const wanted = outcomeOf[plan.lead]
  const until = carrier.endedAt?.getTime() ?? carrier.at.getTime() + 10_000
  if (
    row.outcome === wanted ||
    silentAt.length > 0 ||
    outageOf(outages, ['fastagi', 'mariadb', 'asterisk'], carrier.at.getTime() - 3000, until + 4000)
  )
    return findings
  return [...findings, { promise: 'a call has the right outcome', expected: wanted, found: row.outcome ?? 'nothing' }]
}

/** An allowed call that never reached the carrier. */
function judgeUndialled({ row, placedAt, silentAt }: ObservedCall, outages: readonly Outage[]): Finding[] {
  const until = row?.ended_at?.getTime() ?? placedAt.getTime()
  const excused = silentAt.length > 0 || outageOf(outages, ['fastagi', 'mariadb', 'asterisk'], placedAt.getTime() - 3000, until + 4000)
  return excused ? [] : [{ promise: 'an allowed call is dialled', expected: '1 INVITE', found: `none, ${row?.outcome}` }]
}
