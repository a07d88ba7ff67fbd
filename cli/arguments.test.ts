import t from 'tap'
import { argument, repeatable, signedSeconds, textUpTo, wholeNumber } from './arguments.ts'

t.test('an argument is the value that was read, or an error that says what it must be', async (t) => {
  const even = argument((text) => (Number(text) % 2 === 0 ? Number(text) : null), 'an even number')
  t.equal(even('2'), 2)
  t.throws(() => even('3'), { message: 'It must be an even number.' })
  t.same(repeatable(even)('4', [2]), [2, 4])
  t.same(repeatable(even)('4', undefined), [4])
  t.equal(wholeNumber(1, 10)('10'), 10)
  t.throws(() => wholeNumber(1, 10)('11'), { message: 'It must be a whole number from 1 to 10.' })
})

t.test('a correction is a number of seconds with an optional sign, and not zero', async (t) => {
  t.same(['+90', '-90', '90'].map(signedSeconds), [90, -90, 90])
  for (const text of ['', '0', '-0', '1,5', '--5', 'ten']) t.throws(() => signedSeconds(text), text)
})

t.test('a text is trimmed, and neither empty nor too long', async (t) => {
  t.equal(textUpTo(5)(' abc '), 'abc')
  for (const text of ['', '  ', 'abcdef']) t.throws(() => textUpTo(5)(text), { message: 'It must be a text of 1 to 5 characters.' }, text)
})
