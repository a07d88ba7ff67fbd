import t from 'tap'
import type { Quality } from './mos.ts'
import { QualityAdvice } from './quality-advice.ts'

const interval = (mosTenths: number, cause: Quality['cause'] = 'loss-in'): Quality => ({
  ...{ lossPermille: 10, jitterMs: 5, roundTripMs: 40, mosTenths, cause },
})

t.test('the agent sees one cause of a lasting problem, until the problem has ended', async (t) => {
  const advice = new QualityAdvice()
  const shownAfter = (...scores: number[]) => scores.map((score) => advice.after(interval(score)))
  t.same(shownAfter(44, 25, 44, 44, 25), [null, null, null, null, null], 'single bad intervals are ignored')
  t.same(shownAfter(25), ['loss-in'])
  t.equal(advice.after(interval(20, 'delay')), 'loss-in', 'the shown cause does not change')
  t.same(shownAfter(44, 44, 44, 25, 44, 44, 44, 44), [...new Array<string>(7).fill('loss-in'), null])
})
