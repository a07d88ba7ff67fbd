import t from 'tap'
import { operator } from '../domain/testing/operator.ts'
import { books } from '../domain/testing/steps.ts'
import { checkPassword } from '../domain/accounts/users.ts'

const words = [
  ...['tenant', 'add', 'padaria-sol', '--name', 'Padaria Sol', '--number', '(41) 3210-4000', '--minutes', '300'],
  ...['--trunk', 'carrier-a', '--trunk', 'carrier-b', '--manager', 'Márcia Prates <marcia@sol.example>'],
  ...['--agent', '101 Ana Ribeiro <ana@sol.example>'],
]
const without = (option: string) => words.filter((word, index) => word !== option && words[index - 1] !== option)
const instead = (changes: Record<string, string>) => words.map((word) => changes[word] ?? word)

t.test('a company is added whole, or not at all', async (t) => {
  const olga = await operator(t)
  const companies = async () => (await olga.db.selectFrom('tenants').select('slug').execute()).map(({ slug }) => slug)

  await t.test('what is missing or wrong is named', async (t) => {
    const options = ['--name', '--number', '--minutes', '--trunk', '--manager']
    const runs = await olga.ramalEach(...options.map(without))
    runs.forEach((run, index) => t.match(run, { code: 1, err: new RegExp(options[index] ?? 'nothing'), out: '' }))
    const wrong: [string[], RegExp][] = [
      [instead({ 'padaria-sol': 'Padaria' }), /'Padaria' is invalid for argument 'slug'\. Lower-case letters/],
      [[...words, '--agent', 'Ana'], /'Ana' is invalid\. Wanted: "extension Name <e-mail>"/],
      [[...words, '--agent', '101 Bia Reis <bia@sol.example>'], /The extension 101 is taken\. Nothing has changed/],
      [[...words, '--hours', 'mon-fri'], /Days without hours/],
    ]
    const faulty = await olga.ramalEach(...wrong.map(([typed]) => typed))
    faulty.forEach((run, index) => t.match(run, { code: 1, err: wrong[index]?.[1], out: '' }))
    t.same(await companies(), [])
  })

  await t.test('its people can sign in, and its books are right', async (t) => {
    const { people } = await olga.json<{ people: { email: string; password: string }[] }>(...words)
    t.match(people, [{ email: 'marcia@sol.example' }, { email: 'ana@sol.example' }])
    for (const { email, password } of people) t.ok(await checkPassword(olga.db, email, password), email)
    const tenant = await olga.db.selectFrom('tenants').selectAll().executeTakeFirstOrThrow()
    t.match(tenant, { slug: 'padaria-sol', name: 'Padaria Sol', default_area_code: '41' })
    t.match(await books(olga.db, tenant.id), { balance: 18_000, ledger: 18_000 })
    t.match(await olga.db.selectFrom('ledger_entries').selectAll().execute(), [{ reason: 'First minutes', author: 'olga' }])
    t.match(await olga.db.selectFrom('phones').selectAll().execute(), [{ endpoint: 'padaria-sol-101', kind: 'browser', digest: null }])
    t.match(await olga.json('tenant', 'show', 'padaria-sol'), {
      balanceSeconds: 18_000,
      numbers: ['+554132104000'],
      trunks: ['carrier-a', 'carrier-b'],
      hours: { words: 'mon-fri 09:00-18:00' },
      pause: null,
      policy: { 'max-calls': 10, blocks: '30+6' },
    })
  })

  await t.test('another that would collide with it is not there at all', async (t) => {
    const [slug, number, mail] = await olga.ramalEach(
      words,
      instead({ 'padaria-sol': 'auto-lima' }),
      instead({ 'padaria-sol': 'auto-lima', '(41) 3210-4000': '(41) 3210-4001' }),
    )
    t.match(slug, { code: 1, err: 'There is a company "padaria-sol" already. Nothing has changed.\n' })
    t.match(number, { code: 1, err: /\(41\) 3210-4000 is some company's already/ })
    t.match(mail, { code: 1, err: /marcia@sol\.example signs in here already/ })
    t.same(await companies(), ['padaria-sol'])
    t.equal((await olga.db.selectFrom('numbers').select('id').execute()).length, 1)
  })

  await t.test('one needs no trunk of its own where a trunk serves all, and has the hours that it asks for', async (t) => {
    await olga.json('trunk', 'add', 'all', 'carrier-a')
    const { code, out } = await olga.ramal(
      ...['tenant', 'add', 'auto-lima', '--name', 'Auto Lima', '--number', '2132105000', '--minutes', '0'],
      ...['--manager', 'Otávio Lima <otavio@lima.example>', '--hours', 'always'],
    )
    t.equal(code, 0)
    t.match(out, /^Auto Lima is there\. Passwords, shown once:\n {2}otavio@lima\.example +\S{16}\n$/)
    t.match(await olga.json('tenant', 'show', 'auto-lima'), { balanceSeconds: 0, trunks: ['carrier-a'], hours: { words: 'always' } })
  })
})
