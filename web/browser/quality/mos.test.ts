import t from 'tap'
import { countersOf, meanOpinionScore, qualityBetween, type Counters } from './mos.ts'
import { gradeOf } from './quality-grade.ts'

t.test('loss, jitter and round trip give a score and a grade', async (t) => {
  for (const [lossPercent, jitterMs, roundTripMs, score, grade] of [
    [0, 0, 0, 4.4, 'excellent'],
    [0, 10, 80, 4.4, 'excellent'],
    [0.5, 10, 80, 4.2, 'excellent'],
    [1, 10, 80, 4.0, 'good'],
    [2, 10, 80, 3.6, 'fair'],
    [3, 10, 80, 3.3, 'poor'],
    [5, 10, 80, 2.9, 'bad'],
    [20, 50, 300, 1.4, 'bad'],
    [0, 20, 500, 3.9, 'fair'],
    [0, 50, 600, 3.4, 'poor'],
    [100, 0, 0, 1, 'bad'],
  ] as const) {
    const mos = meanOpinionScore({ lossPercent, jitterMs, roundTripMs })
    t.equal(Math.round(mos * 10) / 10, score, `${lossPercent} %, ${jitterMs} ms, ${roundTripMs} ms`)
    t.equal(gradeOf(Math.round(mos * 10)), grade)
  }
})

const counters = (changes: Partial<Counters>): Counters => ({
  ...{ atMs: 0, received: 1000, lost: 50, jitterMs: 5, roundTripMs: 40, sentLossShare: null },
  ...changes,
})

t.test('the quality of an interval does not depend on earlier loss', async (t) => {
  const good = qualityBetween(counters({}), counters({ received: 1100 }))
  t.match(good, { lossPermille: 0, jitterMs: 5, roundTripMs: 40, mosTenths: 44 }, 'earlier loss does not count')
  t.match(qualityBetween(counters({}), counters({ received: 1090, lost: 60 })), { lossPermille: 100, cause: 'loss-in' })
  t.match(qualityBetween(counters({}), counters({ received: 1100, sentLossShare: 0.08 })), { lossPermille: 80, cause: 'loss-out' })
  t.match(qualityBetween(counters({}), counters({ received: 1100, roundTripMs: 900 })), { lossPermille: 0, cause: 'delay' })
  t.match(qualityBetween(counters({}), counters({ received: 1100, lost: 48 })), { lossPermille: 0 }, 'late packets are not lost')
  t.equal(qualityBetween(counters({}), counters({})), null, 'on hold no packets arrive')
})

t.test('the counters come from the browser’s statistics', async (t) => {
  const entries = [
    { type: 'inbound-rtp', packetsReceived: 100, packetsLost: 2, jitter: 0.012 },
    { type: 'remote-inbound-rtp', fractionLost: 0.03 },
    { type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime: 0.05 },
    { type: 'candidate-pair', nominated: false, state: 'succeeded', currentRoundTripTime: 9 },
    { type: 'candidate-pair', nominated: true, state: 'waiting', currentRoundTripTime: 0 },
  ] as unknown as RTCStats[]
  t.same(countersOf(entries, 7), { atMs: 7, received: 100, lost: 2, jitterMs: 12, roundTripMs: 50, sentLossShare: 0.03 })
})
