import type { ObservedCall } from './observed-call.ts'
import type { Judge } from './finding.ts'
import { deafForMs, muteForMs, outageOf, stoodStillMs, type Outage } from './outages.ts'

/** Asterisk writes recordings in pieces; a kill loses the last one. */
const unwrittenMs = 4000
/** The difference of the clocks, plus what an mp3 adds at its ends. */
const apartMs = 1000
/** SIPp sends delayed packets in a burst on a busy machine. */
const burstMs = 3000
/** SIPp and the carrier lose packets on a busy machine: up to 3.6 s of a talk of 137 s. */
const unsentShare = 0.03

/** The product reports a missing part from this length on, plus a hundredth of the talk (domain/recordings/recording-lengths.ts). */
const saidFromMs = 5000

/**
 * After an outage during a transfer, the recording lacks part of the lead's wait: at most three questions of three seconds each.
 * Observed, without a known cause.
 */
function unheardWaitsMs({ plan, silentAt }: ObservedCall, answered: number, over: number, outages: readonly Outage[]): number {
  if (!plan.transferred) return 0
  return silentAt.length > 0 || outageOf(outages, ['fastagi', 'mariadb', 'asterisk'], answered, over) ? 9000 : 0
}

/** An answered call of a company that records has a recording as long as the talk at the carrier. */
export const judgeRecording: Judge = (seen, outages) => {
  const { plan, row, carrier, overAt, killed, recording, phone, carrierMs } = seen
  if (!plan.company.records || !row?.answered_at || row.outcome === 'our-failure' || !carrier?.answeredAt || !overAt) return []
  const promise = 'an answered call is recorded'
  const answered = carrier.answeredAt.getTime()
  const over = overAt.getTime()
  // The recording starts with the meter, when the dialling phone gets its answer: within three seconds.
  const beganAt = phone?.answeredAt?.getTime() ?? answered + 3000
  const stillMs = stoodStillMs(outages, answered, over)
  const leastMs = (over - beganAt) * (1 - unsentShare) - apartMs - stillMs - muteForMs(outages, over) - (killed ? unwrittenMs : 0)
  const mostMs = carrierMs + apartMs + burstMs + (plan.way === 'incoming' ? 3000 : 0) + deafForMs(outages, over)
  const withoutWaitsMs = leastMs - unheardWaitsMs(seen, answered, over, outages)
  const expected = `a file of ${Math.max(0, Math.round(withoutWaitsMs))} to ${mostMs} ms`
  if (recording?.state !== 'ready' || recording.fileMs === null) {
    // Nothing to record: the other side had hung up when the meter started.
    return withoutWaitsMs <= 0
      ? []
      : [{ promise, expected, found: recording ? `${recording.state}, ${recording.fileMs ?? 'no file'}` : 'none' }]
  }
  if (recording.fileMs < withoutWaitsMs || recording.fileMs > mostMs) return [{ promise, expected, found: `${recording.fileMs} ms` }]
  if (recording.fileMs < leastMs - saidFromMs && recording.reportedMissingMs === 0)
    return [{ promise: 'a recording reports what is missing', expected: `${leastMs - recording.fileMs} ms`, found: 'nothing' }]
  if (Math.abs(recording.fileMs - (recording.durationMs ?? 0)) > 300)
    return [{ promise: 'a recording has the right length', expected: `${recording.fileMs} ms`, found: `${recording.durationMs} ms` }]
  return []
}
