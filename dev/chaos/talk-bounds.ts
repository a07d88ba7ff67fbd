import { tickSeconds } from './asterisk-log.ts'
import type { Seen } from './evidence.ts'
import { deafForMs, muteForMs, outageOf, type Outage } from './outages.ts'

/** Between which lengths we may say that a talk was, and by which exception the lower one is far from the carrier's. */
export interface TalkBounds {
  leastMs: number
  mostMs: number
  exception: string | null
}

/** What the promise leaves between the two clocks. */
const apartMs = 1000
/** The report and the event log are written within this time after an end; what is killed in it may take both along. */
export const reportingMs = 3000
/**
 * A connection of Asterisk's to the database comes back a second after the database, four seconds after it beside four spinning processes;
 * the AGI server's at its next question.
 */
const reconnectMs = 5000

/** By the carrier's clock, with the exceptions that the failure table knows. */
export function talkBounds(seen: Seen, outages: readonly Outage[]): TalkBounds {
  const { carrier, overAt, carrierMs, killed, plan } = seen
  if (!carrier?.answeredAt || !overAt) return { leastMs: 0, mostMs: 0, exception: null }
  const [answered, over] = [carrier.answeredAt.getTime(), overAt.getTime()]
  // An Asterisk that hears nothing learns of the answer, and of the end, when it does again.
  const leastMs = carrierMs - apartMs - deafForMs(outages, answered) - muteForMs(outages, over)
  // Who picked up a call that comes in hears the caller when the AGI server has answered: three seconds at most.
  const pickedUpMs = plan.way === 'incoming' ? 3000 + deafForMs(outages, answered) : 0
  const mostMs = carrierMs + apartMs + pickedUpMs + deafForMs(outages, over)
  const exception = whyOnlyRenewed(seen, over, outages)
  if (exception === null) return { leastMs, mostMs, exception }
  // No minutes, no lease, no renewals; and a call of a small company waits for its end instead of being renewed.
  const isRenewed = plan.way !== 'incoming' && plan.company.minutes === null
  const least = isRenewed ? lastRenewal(answered, over, outages) - answered : 0
  return { leastMs: Math.min(leastMs, least - apartMs), mostMs: killed ? Math.min(mostMs, carrierMs + apartMs) : mostMs, exception }
}

/** Null where the talk must be told to the second. */
function whyOnlyRenewed({ plan, killed }: Seen, over: number, outages: readonly Outage[]): string | null {
  if (killed) return 'Asterisk was killed in the call: up to its last renewal'
  // It reports an end when it hears of it.
  const reported = over + deafForMs(outages, over) + reportingMs
  if (outageOf(outages, ['asterisk'], over, reported, 'kill'))
    return 'Asterisk was killed while it reported the end: up to the last renewal'
  // A recording bears witness to the end of a call without the database.
  const isWitnessed = plan.company.records && plan.way !== 'incoming'
  if (!isWitnessed && outageOf(outages, ['mariadb'], over - reconnectMs, reported))
    return 'MariaDB was away at the end of a call without a recording: up to its last renewal'
  return null
}

/** The latest moment by which a tick must have come to an AGI server and a database that were there. */
function lastRenewal(answered: number, over: number, outages: readonly Outage[]): number {
  // A tick that comes late by its own length is one that was slept through.
  const windowMs = tickSeconds * 1000 + reportingMs
  let end = over
  for (;;) {
    const begin = end - windowMs
    if (begin <= answered) return answered
    const away = outageOf(outages, ['fastagi', 'mariadb', 'asterisk'], begin - reconnectMs, end)
    if (!away) return begin
    end = Math.min(end - 100, away.from.getTime())
  }
}
