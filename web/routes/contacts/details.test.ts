import t from 'tap'
import { changeDetails, listFields } from '../../../domain/contacts/details.ts'
import { scene, type Scene } from '../../../domain/testing/scene.ts'
import { site } from '../../testing/site.ts'

const web = await site(t)
const fields = [
  { name: 'CNPJ', value: '11222333000181' },
  { name: 'Cargo', value: 'Sócia' },
]

async function knownMaria(): Promise<Scene & { path: string }> {
  const company = await scene(web.db)
  const details = { email: 'maria@example.com', city: 'Santos', notes: 'Liga à tarde', fields }
  await web.db.transaction().execute((trx) => changeDetails(trx, company.tenantId, company.maria.id, details))
  return { ...company, path: `/contacts/${company.maria.id}` }
}
const named = { name: 'Maria', company: '', tags: '', owner: '' }
const stored = ({ maria }: Scene) =>
  web.db.selectFrom('contacts').select(['email', 'city', 'notes']).where('id', '=', maria.id).executeTakeFirstOrThrow()

t.test('e-mail, city, notes and other fields of a lead are shown and changed; a field without a value goes', async (t) => {
  const sol = await knownMaria()
  const ana = await web.signedIn(sol.ana)
  const page = (await ana.get(sol.path)).text
  for (const value of ['maria@example.com', 'Santos', '11222333000181', 'Sócia']) t.match(page, `value="${value}"`)
  t.match(page, '\nLiga à tarde</textarea>')
  const saved = await ana.post(sol.path, {
    ...named,
    email: 'm@example.com',
    city: ' São  Vicente',
    notes: 'Liga cedo\r\nou tarde',
    'field-name-0': 'CNPJ',
    'field-0': '',
    'field-name-1': 'Cargo',
    'field-1': 'Diretora',
  })
  t.equal(saved.status, 303)
  t.same(await stored(sol), { email: 'm@example.com', city: 'São Vicente', notes: 'Liga cedo\nou tarde' })
  t.same(await listFields(web.db, sol.tenantId, sol.maria.id), [{ name: 'Cargo', value: 'Diretora' }])
})

t.test('what is wrong is said beside its field, what was typed stays, and nothing is stored', async (t) => {
  const sol = await knownMaria()
  const ana = await web.signedIn(sol.ana)
  await ana.get(sol.path)
  const long = { city: 'x'.repeat(121), notes: 'y'.repeat(2001), 'field-name-0': 'CNPJ', 'field-0': 'z'.repeat(501) }
  const refused = await ana.post(sol.path, { ...named, email: 'maria @example', ...long })
  t.equal(refused.status, 422)
  for (const words of [
    'Isto não é um e-mail.',
    'Use no máximo 120 caracteres na cidade.',
    'Use no máximo 2.000 caracteres nas observações.',
    'Use no máximo 500 caracteres neste campo.',
  ])
    t.match(refused.text, words)
  t.match(refused.text, 'value="maria @example"')
  t.match(await stored(sol), { email: 'maria@example.com', city: 'Santos' })
})

t.test('a page that is older than a field leaves it as it is, and no field of another name or company is made', async (t) => {
  const [sol, lua] = [await knownMaria(), await knownMaria()]
  const ana = await web.signedIn(sol.ana)
  await ana.get(sol.path)
  t.equal((await ana.post(sol.path, { ...named, 'field-name-0': 'Salário', 'field-0': '1' })).status, 303)
  t.same(await listFields(web.db, sol.tenantId, sol.maria.id), fields)
  t.match(await stored(sol), { email: 'maria@example.com', notes: 'Liga à tarde' })
  t.equal((await ana.post(lua.path, { ...named, email: 'x@example.com' })).status, 404)
  t.match(await stored(lua), { email: 'maria@example.com' })
})

t.test('the filters of leads agree with what they choose: all tags, all agents', async (t) => {
  const sol = await knownMaria()
  const ana = await web.signedIn(sol.ana)
  await ana.post(sol.path, { ...named, tags: 'vip' })
  const page = (await ana.get('/contacts')).text
  t.match(page, /<select name="tag">\s*<option value="">todas</)
  t.match(page, /<select name="owner">\s*<option value="">todos</)
})
