import t from 'tap'
import { readWholeNumber } from './whole-number.ts'

t.test('a whole number has plain digits and lies within its bounds', async (t) => {
  t.same(
    ['1', '10', '07'].map((text) => readWholeNumber(text, 1, 10)),
    [1, 10, 7],
  )
  for (const text of ['0', '11', '-1', '1.5', '1e1', '', ' 5', '5\n', '５', '0x5']) t.equal(readWholeNumber(text, 1, 10), null, text)
  t.equal(readWholeNumber('9999999999', 0, Infinity), null, 'too many digits')
})
