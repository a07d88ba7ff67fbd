import t from 'tap'
import { operator, runs } from './testing/operator.ts'
import { addDoNotCall } from '../domain/policy/do-not-call.ts'
import { addLead, scene } from '../domain/testing/scene.ts'

const olga = await operator(t)
const env = { USER: 'olga', RAMAL_DATABASE_URL: olga.databaseUrl }
const run = (...args: string[]) => runs(['lead-number', ...args], { env })

t.test('the numbers of a lead are shown and changed, by any of them', async (t) => {
  const sol = await scene(olga.db)
  t.match(await olga.json('lead-number', 'add', sol.slug, '11987654301', '(11) 3210-0002', '--label', 'Comercial'), {
    name: 'Maria Souza',
    numbers: [{ e164: sol.maria.e164 }, { e164: '+551132100002', label: 'Comercial', doNotCall: false }],
  })
  t.match((await run('add', sol.slug, '11987654301', '3210-0003 ramal 203', '--label', 'Casa')).out, /3210-0003 +Casa, ramal 203/)
  t.equal((await run('remove', sol.slug, '1132100003')).code, 0)
  await addDoNotCall(olga.db, sol.tenantId, [sol.maria.e164], { reason: '', author: 'ana' }, new Date())
  t.match((await run('first', sol.slug, '11 3210 0002')).out, /\(11\) 3210-0002 +Comercial[\s\S]*\(11\) 98765-4301 +yes/)
  t.match((await run('label', sol.slug, '11987654301', 'Celular')).out, /98765-4301 +Celular/)
  t.match(await run('remove', sol.slug, '11987654301'), { code: 0 })
  t.match(await olga.json('lead-number', 'list', sol.slug, '1132100002'), { numbers: { length: 1 } })
})

t.test('a number of another lead, the last number and a stranger’s number change nothing', async (t) => {
  const sol = await scene(olga.db)
  const other = await scene(olga.db)
  await addLead(olga.db, sol.tenantId, 'Rui Vaz', ['+5511981112222'])
  await addLead(olga.db, other.tenantId, 'Caio', ['+5511981113333'])
  const fails = async (words: RegExp, ...args: string[]) => t.match(await run(...args), { code: 1, out: '', err: words })
  await fails(/Rui Vaz has this number already\. Nothing has changed/, 'add', sol.slug, '11987654301', '11981112222')
  await fails(/The lead has this number already/, 'add', sol.slug, '11987654301', '11987654301')
  await fails(/It is the only number of the lead/, 'remove', sol.slug, '11987654301')
  await fails(/No lead of .* has \(11\) 98111-3333/, 'list', sol.slug, '11981113333')
  await fails(/longer than 40\. Nothing has changed/, 'add', sol.slug, '11987654301', `3210-0003 (${'x'.repeat(41)})`)
  await fails(/is not a phone number/, 'add', sol.slug, '11987654301', '190')
})
