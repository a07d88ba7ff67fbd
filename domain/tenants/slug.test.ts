import t from 'tap'
import { isSlug } from './slug.ts'

t.test('a slug has 2 to 31 lower-case letters, digits and dashes, starts with a letter, and is not "all"', async (t) => {
  for (const text of ['padaria-sol', 'p2', 'a'.repeat(31)]) t.ok(isSlug(text), text)
  for (const text of ['', 'Padaria', 'p', '1sol', '-sol', 'padaria_sol', 'padaria sol', 'all', 'a'.repeat(32), 'sol\n'])
    t.notOk(isSlug(text), text)
})
