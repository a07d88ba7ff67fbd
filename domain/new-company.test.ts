import t from 'tap'
import { addCompany, readCompany } from './new-company.ts'
import { testDatabase } from './testing/database.ts'
import { books } from './testing/steps.ts'
import { checkPassword } from './users.ts'

const words = [
  '--slug',
  'padaria-sol',
  '--name',
  'Padaria Sol',
  '--number',
  '(11) 3210-4000',
  '--minutes',
  '300',
  '--trunk',
  'carrier-a',
  '--trunk',
  'carrier-b',
  '--manager',
  'Márcia Prates <marcia@sol.example>',
  '--agent',
  '101 Ana Ribeiro <ana@sol.example>',
]

t.test('a sysadmin adds a company, and its people can sign in', async (t) => {
  const db = await testDatabase(t)
  const passwords = await addCompany(db, readCompany(words), new Date())
  t.ok(await checkPassword(db, 'ana@sol.example', passwords.get('ana@sol.example') ?? ''))
  t.ok(await checkPassword(db, 'marcia@sol.example', passwords.get('marcia@sol.example') ?? ''))
  const { id } = await db.selectFrom('tenants').select('id').executeTakeFirstOrThrow()
  t.match(await books(db, id), { balance: 18_000, ledger: 18_000 })
  t.match(await db.selectFrom('phones').selectAll().execute(), [{ endpoint: 'padaria-sol-101', kind: 'browser', digest: null }])
  await t.rejects(addCompany(db, readCompany(words), new Date()), 'nor twice')
  t.equal((await db.selectFrom('tenants').select('id').execute()).length, 1)
})

t.test('what is missing or wrong is named', async (t) => {
  const without = (option: string) => words.filter((word, index) => word !== option && words[index - 1] !== option)
  for (const option of ['--slug', '--name', '--number', '--minutes', '--trunk', '--manager'])
    t.throws(() => readCompany(without(option)), new RegExp(option))
  t.throws(() => readCompany([...words, '--agent', 'Ana']), /--agent: "Ana"/)
  t.throws(() => readCompany([...words, '--number', '0900 123 456']), /--number/)
})
