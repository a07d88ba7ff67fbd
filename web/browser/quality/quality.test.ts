import t from 'tap'
import { FlightRecorder } from './flight-recorder.ts'
import { countersOf, meanOpinionScore, qualityBetween, type Counters, type Quality } from './mos.ts'
import { gradeOf } from './quality-grade.ts'
import { QualitySummary } from './quality-summary.ts'
import { QualityTrouble } from './quality-advice.ts'

t.test('loss, jitter and round trip, and what people would say of them', async (t) => {
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

t.test('every score has a grade, and a better score never a worse one', async (t) => {
  const order = ['bad', 'poor', 'fair', 'good', 'excellent']
  const grades = Array.from({ length: 36 }, (_, n) => order.indexOf(gradeOf(10 + n)))
  t.same(
    grades,
    grades.toSorted((a, b) => a - b),
  )
  t.equal(new Set(grades).size, 5)
})

const counters = (changes: Partial<Counters>): Counters => ({
  ...{ atMs: 0, received: 1000, lost: 50, jitterMs: 5, roundTripMs: 40, sentLossShare: null },
  ...changes,
})

t.test('only what happened since the last look counts', async (t) => {
  const good = qualityBetween(counters({}), counters({ received: 1100 }))
  t.match(good, { lossPermille: 0, jitterMs: 5, roundTripMs: 40, mosTenths: 44 }, 'what was lost before is forgotten')
  t.match(qualityBetween(counters({}), counters({ received: 1090, lost: 60 })), { lossPermille: 100, cause: 'loss-in' })
  t.match(qualityBetween(counters({}), counters({ received: 1100, sentLossShare: 0.08 })), { lossPermille: 80, cause: 'loss-out' })
  t.match(qualityBetween(counters({}), counters({ received: 1100, roundTripMs: 900 })), { lossPermille: 0, cause: 'delay' })
  t.match(qualityBetween(counters({}), counters({ received: 1100, lost: 48 })), { lossPermille: 0 }, 'late packets came after all')
  t.equal(qualityBetween(counters({}), counters({})), null, 'on hold nothing comes, and nothing is said')
})

t.test('the numbers come from what the browser counts', async (t) => {
  const entries = [
    { type: 'inbound-rtp', packetsReceived: 100, packetsLost: 2, jitter: 0.012 },
    { type: 'remote-inbound-rtp', fractionLost: 0.03 },
    { type: 'candidate-pair', nominated: true, currentRoundTripTime: 0.05 },
    { type: 'candidate-pair', nominated: false, currentRoundTripTime: 9 },
  ] as unknown as RTCStats[]
  t.same(countersOf(entries, 7), { atMs: 7, received: 100, lost: 2, jitterMs: 12, roundTripMs: 50, sentLossShare: 0.03 })
})

const stretch = (mosTenths: number, cause: Quality['cause'] = 'loss-in'): Quality => ({
  ...{ lossPermille: 10, jitterMs: 5, roundTripMs: 40, mosTenths, cause },
})

t.test('the agent hears of trouble that lasts, of one thing, and until it is really over', async (t) => {
  const trouble = new QualityTrouble()
  const said = (...scores: number[]) => scores.map((score) => trouble.after(stretch(score)))
  t.same(said(44, 25, 44, 44, 25), [null, null, null, null, null], 'hiccups are not worth a word')
  t.same(said(25), ['loss-in'])
  t.equal(trouble.after(stretch(20, 'delay')), 'loss-in', 'the words do not change under the eyes')
  t.same(said(44, 44, 44, 25, 44, 44, 44, 44), [...new Array<string>(7).fill('loss-in'), null])
})

t.test('a call is kept as its mean and its worst', async (t) => {
  const summary = new QualitySummary()
  t.equal(summary.form(), null)
  for (const mos of [44, 40, 20]) summary.add({ ...stretch(mos), lossPermille: 44 - mos })
  t.match(summary.form(), { meanMosTenths: '35', worstMosTenths: '20', meanLossPermille: '9', worstLossPermille: '24' })
})

t.test('the recorder keeps ten minutes, and never more than fits in a report', async (t) => {
  let now = 0
  const recorder = new FlightRecorder(() => now)
  recorder.note('phone', { line: 'ready' })
  now = 10 * 60_000
  recorder.note('phone', { line: 'reconnecting' })
  t.equal(recorder.entries().length, 2)
  now += 1
  t.match(recorder.entries(), [{ facts: { line: 'reconnecting' } }])
  for (let n = 0; n < 5000; n++) recorder.note('quality', { n })
  t.equal(recorder.entries().length, 1200)
  t.equal(recorder.entries().at(-1)?.facts['n'], 4999)
})
