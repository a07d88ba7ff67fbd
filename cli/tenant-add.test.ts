import t from 'tap'
import { operator } from './testing/operator.ts'

const args = [
  ...['tenant', 'add', 'padaria-sol', '--name', 'Padaria Sol', '--number', '(41) 3210-4000', '--minutes', '300'],
  ...['--trunk', 'carrier-a', '--trunk', 'carrier-b', '--manager', 'Márcia Prates <marcia@sol.example>'],
  ...['--agent', '101 Ana Ribeiro <ana@sol.example>'],
]
const without = (option: string) => args.filter((arg, index) => arg !== option && args[index - 1] !== option)
const withChanges = (changes: Record<string, string>) => args.map((arg) => changes[arg] ?? arg)

t.test('a missing or wrong argument is named, and adds no company', async (t) => {
  const olga = await operator(t)
  const options = ['--name', '--number', '--minutes', '--trunk', '--manager']
  const incomplete = await olga.ramalEach(...options.map(without))
  incomplete.forEach((run, index) => t.match(run, { code: 1, err: new RegExp(options[index] ?? 'no option'), out: '' }))
  const wrong: [string[], RegExp][] = [
    [withChanges({ 'padaria-sol': 'Padaria' }), /'Padaria' is invalid for argument 'slug'\. It must be 2 to 31 lower-case letters/],
    [[...args, '--agent', 'Ana'], /'Ana' is invalid\. It must be "extension Name <e-mail>"/],
    [[...args, '--agent', '101 Bia Reis <bia@sol.example>'], /Extension 101 is taken\. Nothing has changed/],
    [[...args, '--trunk', 'carrier-a'], /--trunk carrier-a is given twice\. Nothing has changed/],
    [[...args, '--hours', 'mon-fri'], /The last days have no hours\. Write hours as mon-fri/],
  ]
  const runs = await olga.ramalEach(...wrong.map(([wrongArgs]) => wrongArgs))
  runs.forEach((run, index) => t.match(run, { code: 1, err: wrong[index]?.[1], out: '' }))
  t.same(await olga.json('tenant', 'list'), [])
})

t.test('a company is added with its passwords, unless it collides with another', async (t) => {
  const olga = await operator(t)
  const { people } = await olga.json<{ people: { email: string; password: string }[] }>(...args)
  t.match(people, [{ email: 'marcia@sol.example' }, { email: 'ana@sol.example' }])
  t.match(await olga.json('tenant', 'show', 'padaria-sol'), {
    balanceSeconds: 18_000,
    numbers: ['+554132104000'],
    trunks: ['carrier-a', 'carrier-b'],
    hours: { words: 'mon-fri 09:00-18:00' },
    pause: null,
    policy: { 'max-calls': 10, blocks: '30+6', 'area-code': '41' },
  })
  t.match(await olga.json('minutes', 'statement', 'padaria-sol'), [{ reason: 'First minutes', author: 'olga' }])
  const [slug, number, email] = await olga.ramalEach(
    args,
    withChanges({ 'padaria-sol': 'auto-lima' }),
    withChanges({ 'padaria-sol': 'auto-lima', '(41) 3210-4000': '(41) 3210-4001' }),
  )
  t.match(slug, { code: 1, err: 'The company "padaria-sol" exists already. Nothing has changed.\n' })
  t.match(number, { code: 1, err: '(41) 3210-4000 belongs to a company already. Nothing has changed.\n' })
  t.match(email, { code: 1, err: 'marcia@sol.example signs in on this server already. Nothing has changed.\n' })
  t.match(await olga.json('tenant', 'list'), { length: 1 })
})

t.test('a company without a trunk of its own uses those of all companies', async (t) => {
  const olga = await operator(t)
  await olga.json('trunk', 'add', 'all', 'carrier-a')
  const { code, out } = await olga.ramal(
    ...['tenant', 'add', 'auto-lima', '--name', 'Auto Lima', '--number', '2132105000', '--minutes', '0'],
    ...['--manager', 'Otávio Lima <otavio@lima.example>', '--hours', 'always'],
  )
  t.equal(code, 0)
  t.match(out, /^Auto Lima is added\. Passwords, shown once:\n {2}otavio@lima\.example +\S{16}\n$/)
  t.match(await olga.json('tenant', 'show', 'auto-lima'), { balanceSeconds: 0, trunks: ['carrier-a'], hours: { words: 'always' } })
})
