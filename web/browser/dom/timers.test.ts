import t from 'tap'
import { formatDuration } from './timers.ts'

t.test('talk time', async (t) => {
  t.equal(formatDuration(-3000), '00:00', 'a clock that is a little behind')
  t.equal(formatDuration(42_999), '00:42')
  t.equal(formatDuration(3_605_000), '1:00:05')
})
