import { tickSeconds } from './asterisk-log.ts'
import type { ObservedCall } from './observed-call.ts'
import { deafForMs, muteForMs, outageOf, type Outage } from './outages.ts'

/** The allowed lengths of a talk, and the exception that lowers `leastMs` far below the carrier's length. */
export interface TalkBounds {
  leastMs: number
  mostMs: number
  exception: string | null
}

/** The promised difference between the two clocks. */
const apartMs = 1000
/** The report and the event log are written within this time after an end; a kill within it may lose both. */
export const reportingMs = 3000
/**
 * Asterisk reconnects to the database one second after it is back, or four seconds on a busy machine; the AGI server reconnects at its
 * next question.
 */
const reconnectMs = 5000

/** By the carrier's clock, with the known exceptions. */
export function talkBounds(seen: ObservedCall, outages: readonly Outage[]): TalkBounds {
  const { carrier, overAt, carrierMs, killed, plan } = seen
  if (!carrier?.answeredAt || !overAt) return { leastMs: 0, mostMs: 0, exception: null }
  const [answered, over] = [carrier.answeredAt.getTime(), overAt.getTime()]
  // A stopped Asterisk notices the answer and the end only when it continues.
  const leastMs = carrierMs - apartMs - deafForMs(outages, answered) - muteForMs(outages, over)
  // The agent who answers an incoming call hears the caller after the AGI server's answer: three seconds at most.
  const pickedUpMs = plan.way === 'incoming' ? 3000 + deafForMs(outages, answered) : 0
  const mostMs = carrierMs + apartMs + pickedUpMs + deafForMs(outages, over)
  const exception = whyOnlyRenewed(seen, over, outages)
  if (exception === null) return { leastMs, mostMs, exception }
  // An incoming call has no lease, and a small company's call is not renewed but waits for its end.
  const isRenewed = plan.way !== 'incoming' && plan.company.minutes === null
  const least = isRenewed ? lastRenewal(answered, over, outages) - answered : 0
  return { leastMs: Math.min(leastMs, least - apartMs), mostMs: killed ? Math.min(mostMs, carrierMs + apartMs) : mostMs, exception }
}

/** Null if the talk time must be exact to the second. */
function whyOnlyRenewed({ plan, killed }: ObservedCall, over: number, outages: readonly Outage[]): string | null {
  if (killed) return 'Asterisk was killed during the call: charged up to its last renewal'
  // Asterisk reports an end when it notices it.
  const reported = over + deafForMs(outages, over) + reportingMs
  if (outageOf(outages, ['asterisk'], over, reported, 'kill'))
    return 'Asterisk was killed while it reported the end: charged up to the last renewal'
  // A recording proves the end of a call without the database.
  const isRecorded = plan.company.records && plan.way !== 'incoming'
  if (!isRecorded && outageOf(outages, ['mariadb'], over - reconnectMs, reported))
    return 'MariaDB was down at the end of a call without a recording: charged up to its last renewal'
  return null
}

/** The latest time by which a tick must have reached a running AGI server and database. */
function lastRenewal(answered: number, over: number, outages: readonly Outage[]): number {
  // A tick that is late by a whole interval was skipped.
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
