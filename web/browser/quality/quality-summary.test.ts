import t from 'tap'
import { QualitySummary } from './quality-summary.ts'

t.test('the summary of a call has its mean and its worst values', async (t) => {
  const summary = new QualitySummary()
  t.equal(summary.form(), null)
  for (const mosTenths of [44, 40, 20])
    summary.add({ lossPermille: 44 - mosTenths, jitterMs: 5, roundTripMs: 40, mosTenths, cause: 'loss-in' })
  t.match(summary.form(), { meanMosTenths: '35', worstMosTenths: '20', meanLossPermille: '9', worstLossPermille: '24' })
})
