import t from 'tap'
import { findSaleRate, findTrunkRate } from '../rates.ts'
import { findRoute } from '../routes.ts'
import { findTenant } from '../tenants.ts'
import { listTrunksFor } from '../trunks.ts'
import { operator } from '../testing/operator.ts'
import { scene } from '../testing/scene.ts'

t.test('trunks serve one company or all, in an order, by the carrier’s own blocks', async (t) => {
  const olga = await operator(t)
  const { slug, tenantId } = await scene(olga.db)
  const tried = async () => (await listTrunksFor(olga.db, tenantId)).map(({ endpoint }) => endpoint)
  await olga.json('trunk', 'add', slug, 'carrier-c', '--blocks', '60+60', '--free', '0')
  await olga.json('trunk', 'add', 'all', 'carrier-d', '--priority', '9')
  t.same(await tried(), ['carrier-a', 'carrier-b', 'carrier-c', 'carrier-d'])
  t.match((await olga.ramal('trunk', 'list', slug)).out, /^sol-\d+ +carrier-c +3 +60\+60, 0 s free$/m)
  t.match(await olga.json('trunk', 'list'), [
    { for: 'all', endpoint: 'carrier-d', priority: 9, enabled: true, blocks: '30+6', freeSeconds: 3 },
  ])

  const [twice, stranger, missing, asked, askedToo] = await olga.ramalEach(
    ['trunk', 'add', slug, 'carrier-a'],
    ['trunk', 'add', 'nobody', 'carrier-e', '--blocks', '1+1'],
    ['trunk', 'disable', slug, 'carrier-d', '--yes'],
    ['trunk', 'disable', slug, 'carrier-a'],
    ['trunk', 'remove', slug, 'carrier-a'],
  )
  t.match(twice, { code: 1, err: /carrier-a is a trunk of sol-\d+ already/ })
  t.match(stranger, { code: 1, err: /There is no company "nobody"/ })
  t.match(missing, { code: 1, err: /has no trunk carrier-d\. .*trunk list/ }, 'it is the trunk of all, not of this company')
  t.match(asked, { code: 1, err: /No new call of sol-\d+ would try carrier-a\. .*--yes/ })
  t.match(askedToo, { code: 1, err: /would be gone.*--yes/ })
  t.same(await tried(), ['carrier-a', 'carrier-b', 'carrier-c', 'carrier-d'])

  await olga.json('trunk', 'disable', slug, 'carrier-a', '--yes')
  await olga.json('trunk', 'priority', slug, 'carrier-c', '1')
  t.same(await tried(), ['carrier-c', 'carrier-b', 'carrier-d'])
  await olga.json('trunk', 'enable', slug, 'carrier-a')
  await olga.json('rate', 'trunk', 'carrier-b', 'mobile', '0,05')
  t.match(await olga.ramal('trunk', 'remove', slug, 'carrier-b', '--yes'), {
    code: 0,
    out: /^Within 15 s no call of sol-\d+ tries carrier-b\.\n$/,
  })
  t.same(await tried(), ['carrier-a', 'carrier-c', 'carrier-d'])
  t.same(await olga.db.selectFrom('trunk_rates').selectAll().execute(), [])
})

t.test('a company’s own trunk stands for the one of all with the same endpoint', async (t) => {
  const olga = await operator(t)
  const { slug, tenantId } = await scene(olga.db)
  await olga.json('trunk', 'add', 'all', 'carrier-a')
  const tried = async () => (await listTrunksFor(olga.db, tenantId)).map(({ endpoint }) => endpoint)
  t.same(await tried(), ['carrier-a', 'carrier-b'], 'a carrier is tried once')
  await olga.json('trunk', 'disable', slug, 'carrier-a', '--yes')
  t.same(await tried(), ['carrier-b'])
})

t.test('rates count from now or from a day on, and the cheapest trunk goes first when asked', async (t) => {
  const olga = await operator(t)
  const { slug, tenantId } = await scene(olga.db)
  await olga.json('rate', 'trunk', 'carrier-a', 'mobile', '0,06')
  t.match(await olga.json('rate', 'trunk', 'carrier-b', 'mobile', '0.039'), { microsPerMinute: 39_000 })
  await olga.json('rate', 'sale', 'all', 'mobile', '0,12')
  t.match(await olga.ramal('rate', 'sale', slug, 'mobile', '0,10', '--from', '2099-01-01'), {
    code: 0,
    out: /^The price for sol-\d+ is R\$ 0,10 a minute for mobile from 2099-01-01 00:00 on\.\n$/,
  })
  const now = new Date()
  const [carrierB] = (await listTrunksFor(olga.db, tenantId)).filter(({ endpoint }) => endpoint === 'carrier-b')
  t.equal(await findTrunkRate(olga.db, carrierB?.id ?? 0, 'mobile', now), 39_000)
  t.equal(await findSaleRate(olga.db, tenantId, 'mobile', now), 120_000)
  t.equal(await findSaleRate(olga.db, tenantId, 'mobile', new Date('2099-01-01T03:00:00Z')), 100_000, 'midnight in São Paulo')

  t.match(await olga.json('trunk', 'order', slug, 'least-cost'), { trunkOrder: 'least-cost' })
  const route = await findRoute(olga.db, await findTenant(olga.db, tenantId), 'mobile', '+5511987654321', now)
  t.same(route.trunks, ['carrier-b', 'carrier-a'])

  await olga.json('rate', 'sale', 'all', 'mobile', '0,11')
  const shown = await olga.json<{ kind: string; is: string; microsPerMinute: number }[]>('rate', 'list')
  t.match(shown, [
    { kind: 'trunk', trunk: 'carrier-a', microsPerMinute: 60_000, is: 'counts' },
    { kind: 'trunk', trunk: 'carrier-b', microsPerMinute: 39_000, is: 'counts' },
    { kind: 'sale', for: 'all', microsPerMinute: 110_000, is: 'counts' },
    { kind: 'sale', for: slug, microsPerMinute: 100_000, is: 'to come' },
  ])
  t.match((await olga.ramal('rate', 'list', '--past')).out, /^price +all +mobile +R\$ 0,12 +\d{4}-\d\d-\d\d \d\d:\d\d +past$/m)
  const [price, carrier, kind] = await olga.ramalEach(
    ['rate', 'sale', slug, 'mobile', '1.234,56'],
    ['rate', 'trunk', 'carrier-z', 'mobile', '0,05'],
    ['rate', 'sale', slug, 'moon', '0,05'],
  )
  t.match(price, { code: 1, err: /0,039 or 0\.039/ })
  t.match(carrier, { code: 1, err: /There is no trunk carrier-z/ })
  t.match(kind, { code: 1, err: /Allowed choices are mobile/ })
})

t.test('a company shows its own numbers, and each number is one company’s', async (t) => {
  const olga = await operator(t)
  const { slug } = await scene(olga.db)
  const lima = await scene(olga.db)
  const [own = ''] = await olga.json<string[]>('number', 'list', slug)
  t.same(await olga.json('number', 'add', slug, '(21) 3210-5000'), [own, '+552132105000'])
  const [taken, wrong, asked, stranger] = await olga.ramalEach(
    ['number', 'add', lima.slug, '+55 21 3210-5000'],
    ['number', 'add', slug, '0800 123 4567'],
    ['number', 'remove', slug, own],
    ['number', 'remove', lima.slug, own, '--yes'],
  )
  t.match(taken, { code: 1, err: /\(21\) 3210-5000 is some company's already/ })
  t.match(wrong, { code: 1, err: /Brazilian fixed or mobile number is wanted/ })
  t.match(asked, { code: 1, err: /--yes/ })
  t.match(stranger, { code: 1, err: /is no number of Padaria Sol/ })
  t.same(await olga.json('number', 'remove', slug, own, '--yes'), ['+552132105000'])
  t.match(await olga.ramal('number', 'remove', slug, '2132105000'), { code: 1, err: /It has no other, so no call could leave/ })
  t.match(await olga.ramal('number', 'list', slug), { code: 0, out: '(21) 3210-5000\n' })
})
