import t from 'tap'
import { FlightRecorder } from './flight-recorder.ts'

t.test('the recorder keeps ten minutes, and never more entries than fit in a report', async (t) => {
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
