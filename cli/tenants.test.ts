import t from 'tap'
import { operator } from './testing/operator.ts'
import { scene } from '../domain/testing/scene.ts'

const olga = await operator(t)

t.test('companies are listed as text and as JSON', async (t) => {
  t.match(await olga.ramal('tenant', 'list'), { code: 0, out: /No companies yet.*ramal tenant add --help/ })
  const { slug } = await scene(olga.db, { balanceSeconds: 18_030 })
  await scene(olga.db, { balanceSeconds: 0, tenant: { status: 'suspended' } })
  t.match(
    (await olga.ramal('tenant', 'list')).out,
    /^slug +name +balance +held\nsol-1 +Padaria Sol 1 +300 min 30 s +0 s\nsol-2 +Padaria Sol 2 +suspended +0 s +0 s\n$/,
  )
  t.match(await olga.json('tenant', 'list'), [
    { slug, name: 'Padaria Sol 1', status: 'active', balanceSeconds: 18_030, heldSeconds: 0 },
    { status: 'suspended' },
  ])
  const shown = await olga.ramal('tenant', 'show', slug)
  t.match(shown.out, /^company +Padaria Sol 1 \(sol-1\), active\nbalance +300 min 30 s\n/)
  t.match(shown.out, /^agent-day-calls +500$/m)
  t.match(await olga.ramal('tenant', 'show', 'auto-lua'), {
    code: 1,
    err: /The company "auto-lua" does not exist\. "ramal tenant list"/,
    out: '',
  })
})

t.test('a company is suspended and resumed after a confirmation', async (t) => {
  const { slug, tenantId } = await scene(olga.db)
  const status = async () => (await olga.db.selectFrom('tenants').select('status').where('id', '=', tenantId).executeTakeFirst())?.status
  t.match(await olga.ramal('tenant', 'suspend', slug), { code: 1, err: /new call of Padaria Sol \d+ would be refused.*--yes/ })
  t.match(await olga.ramalAsking('padaria', 'tenant', 'suspend', slug), {
    code: 1,
    out: '',
    err: /would be refused.*\nType sol-\d+ to continue: Not confirmed\. Nothing has changed/,
  })
  t.equal(await status(), 'active')
  t.match(await olga.ramalAsking(slug, 'tenant', 'suspend', slug), { code: 0, out: /Padaria Sol \d+ is suspended/ })
  t.equal(await status(), 'suspended')
  t.match(await olga.ramal('tenant', 'resume', slug, '--yes'), { code: 0, out: /^Padaria Sol \d+ is active\.\n$/ })
  t.equal(await status(), 'active')
})
