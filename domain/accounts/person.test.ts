import t from 'tap'
import { readEmail, readName } from './person.ts'

t.test('a name has one line of 1 to 120 characters', async (t) => {
  t.equal(readName(' Márcia Prates '), 'Márcia Prates')
  t.equal(readName('M'.repeat(120)), 'M'.repeat(120))
  for (const text of ['', '  ', 'Márcia\nPrates', 'M'.repeat(121)]) t.equal(readName(text), null, text)
})

t.test('an e-mail address is kept in lower case', async (t) => {
  t.equal(readEmail(' Marcia@Sol.example '), 'marcia@sol.example')
  for (const text of [
    '',
    'm',
    'm@',
    '@sol.example',
    'a b@sol.example',
    'a@b@sol.example',
    '<m@sol.example>',
    `${'a'.repeat(180)}@sol.example`,
  ])
    t.equal(readEmail(text), null, text)
})
