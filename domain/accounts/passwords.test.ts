import t from 'tap'
import { generatePassword } from './passwords.ts'

t.test('a generated password is long, and never the same twice', async (t) => {
  const passwords = Array.from({ length: 100 }, generatePassword)
  t.equal(new Set(passwords).size, 100)
  for (const password of passwords) t.match(password, /^[\w-]{16}$/)
})
