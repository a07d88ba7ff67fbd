import t from 'tap'
import { readDay } from './calendar-day.ts'

t.test('a day is year, month and day, and exists', async (t) => {
  for (const text of ['2028-02-29', '2026-11-24']) t.equal(readDay(text), text)
  for (const text of ['', '2026-02-29', '24/11/2026', '2026-11-31', '2026-13-01', 'today', '2026-1-1', '2026-11-24T00:00'])
    t.equal(readDay(text), null, text)
})
