import t from 'tap'
import { judgeEcho } from './echo-verdict.ts'

t.test('the echo test judges the microphone and the network', async (t) => {
  t.same(judgeEcho(true, [182, 171, 190, 176]), { verdict: 'good', delayMs: 176 })
  t.match(judgeEcho(true, [40, 180, 900, 185]), { verdict: 'good', delayMs: 185 }, 'room noise has no second, similar delay')
  t.match(judgeEcho(true, [700, 710]), { verdict: 'slow' })
  t.match(judgeEcho(false, [180, 185]), { verdict: 'microphone-silent', delayMs: 185 }, 'the path still works')
  t.match(judgeEcho(true, []), { verdict: 'no-return', delayMs: null })
  t.match(judgeEcho(true, [180]), { verdict: 'no-return' }, 'one delay is not enough')
  t.match(judgeEcho(false, []), { verdict: 'no-return' }, 'without a path the microphone cannot be judged')
})
