import t from 'tap'
import type { Quality } from './mos.ts'
import { QualityTrouble } from './quality-advice.ts'

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
