import t from 'tap'
import { unansweredOutcome, type Outcome } from './hangup-causes.ts'

const reports: [dialStatus: string, sipCode: number, q850: number, outcome: Outcome][] = [
  ['BUSY', 486, 17, 'busy'],
  ['NOANSWER', 0, 0, 'no-answer'],
  ['NOANSWER', 180, 0, 'no-answer'],
  ['NOANSWER', 480, 19, 'no-answer'],
  ['CONGESTION', 603, 21, 'rejected'],
  ['CHANUNAVAIL', 404, 1, 'unknown-number'],
  ['CONGESTION', 484, 28, 'unknown-number'],
  ['CONGESTION', 503, 42, 'carrier-failure'],
  ['CHANUNAVAIL', 0, 0, 'carrier-failure'],
  ['CONGESTION', 403, 21, 'carrier-failure'],
  ['CANCEL', 180, 0, 'cancelled'],
  ['', 0, 0, 'cancelled'],
  ['ANSWER', 200, 16, 'our-failure'],
  ['FUSE', 0, 0, 'our-failure'],
  ['UNMETERED', 200, 16, 'our-failure'],
]

t.test('the carrier’s answer becomes an outcome that users understand', async (t) => {
  for (const [dialStatus, sipCode, q850, outcome] of reports) {
    t.equal(unansweredOutcome({ dialStatus, sipCode, q850 }), outcome, `${dialStatus} ${sipCode} ${q850}`)
  }
})
