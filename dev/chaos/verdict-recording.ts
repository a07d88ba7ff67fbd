import type { Seen } from './evidence.ts'
import type { Judge } from './verdict.ts'
import { deafForMs, muteForMs, outageOf, stoodStillMs, type Outage } from './outages.ts'

/** Asterisk writes what it records in pieces; the last one is lost when it is killed. */
const unwrittenMs = 4000
/** Of the two clocks, and what an mp3 adds at its ends. */
const apartMs = 1000
/** SIPp sends what a busy machine kept it from sending all at once. */
const burstMs = 3000
/** …and what it never sends; the carrier as well. Seen beside four spinning processes: 3.6 s of a talk of 137 s. */
const unsentShare = 0.03

/** What a recording lacks is marked from here on, and a hundredth of the talk more (domain/recordings/recording-lengths.ts). */
const saidFromMs = 5000

/**
 * A call that is passed on is recorded without a part of its wait for the colleague when something of it stood still meanwhile: as long as its
 * three questions at most, of three seconds each. Seen, and not explained: Asterisk reads the lead's channel on while it asks.
 */
function unheardWaitsMs({ plan, silentAt }: Seen, answered: number, over: number, outages: readonly Outage[]): number {
  if (!plan.passedOn) return 0
  return silentAt.length > 0 || outageOf(outages, ['fastagi', 'mariadb', 'asterisk'], answered, over) ? 9000 : 0
}

/** An answered call of a company that records has a recording, as long as the talk that the carrier carried. */
export const judgeRecording: Judge = (seen, outages) => {
  const { plan, row, carrier, overAt, killed, recording, phone, carrierMs } = seen
  if (!plan.company.records || !row?.answered_at || row.outcome === 'our-failure' || !carrier?.answeredAt || !overAt) return []
  const promise = 'an answered call is recorded'
  const answered = carrier.answeredAt.getTime()
  const over = overAt.getTime()
  // It begins when the meter has: the phone that dialled was answered then, and three seconds are the most that it takes.
  const beganAt = phone?.answeredAt?.getTime() ?? answered + 3000
  const stillMs = stoodStillMs(outages, answered, over)
  const leastMs = (over - beganAt) * (1 - unsentShare) - apartMs - stillMs - muteForMs(outages, over) - (killed ? unwrittenMs : 0)
  const mostMs = carrierMs + apartMs + burstMs + (plan.way === 'incoming' ? 3000 : 0) + deafForMs(outages, over)
  const withoutWaitsMs = leastMs - unheardWaitsMs(seen, answered, over, outages)
  const expected = `a file of ${Math.max(0, Math.round(withoutWaitsMs))} to ${mostMs} ms`
  if (recording?.state !== 'ready' || recording.fileMs === null) {
    // Nothing was written yet, or nothing was said: the other side had gone when the meter began.
    return withoutWaitsMs <= 0
      ? []
      : [{ promise, expected, found: recording ? `${recording.state}, ${recording.fileMs ?? 'no file'}` : 'none' }]
  }
  if (recording.fileMs < withoutWaitsMs || recording.fileMs > mostMs) return [{ promise, expected, found: `${recording.fileMs} ms` }]
  if (recording.fileMs < leastMs - saidFromMs && recording.saidMissingMs === 0)
    return [{ promise: 'a recording says what it lacks', expected: `${leastMs - recording.fileMs} ms`, found: 'nothing' }]
  if (Math.abs(recording.fileMs - (recording.durationMs ?? 0)) > 300)
    return [{ promise: 'a recording says its length', expected: `${recording.fileMs} ms`, found: `${recording.durationMs} ms` }]
  return []
}
