import t from 'tap'
import { formatDuration, formatMovement } from './durations.ts'

t.test('durations are minutes and seconds, and movements have a sign', async (t) => {
  t.same([0, 59, 60, 90, -36, -90].map(formatDuration), ['0 s', '59 s', '1 min', '1 min 30 s', '-36 s', '-1 min 30 s'])
  t.same([300, -36].map(formatMovement), ['+5 min', '-36 s'])
})
