import t from 'tap'
import { formatDuration } from './timers.ts'

t.test('talk time is shown as minutes and seconds, and as hours from one hour on', async (t) => {
  t.equal(formatDuration(-3000), '00:00', 'the clock is a little behind the server')
  t.equal(formatDuration(42_999), '00:42')
  t.equal(formatDuration(3_605_000), '1:00:05')
})
