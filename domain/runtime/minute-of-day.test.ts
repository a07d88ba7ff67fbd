import t from 'tap'
import { formatMinuteOfDay, readMinuteOfDay } from './minute-of-day.ts'

t.test('times of a day are read with or without minutes, from 0:00 to 24:00', async (t) => {
  const read: [string, number, string][] = [
    ['9', 540, '09:00'],
    ['9:05', 545, '09:05'],
    ['0', 0, '00:00'],
    ['24', 1440, '24:00'],
  ]
  for (const [text, minute, formatted] of read) {
    t.equal(readMinuteOfDay(text), minute, text)
    t.equal(formatMinuteOfDay(minute), formatted)
  }
  for (const text of ['', '25', '24:01', '9:60', '9:5', '9h', '-1', '9:00:00']) t.equal(readMinuteOfDay(text), null, text)
})
