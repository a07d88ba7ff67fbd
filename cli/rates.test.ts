import t from 'tap'
import { findSaleRate, findTrunkRate } from '../domain/balance/rates.ts'
import { findRoute } from '../domain/telephony/outbound-routing.ts'
import { findTenant } from '../domain/tenants/tenants.ts'
import { listTrunksFor } from '../domain/telephony/trunks.ts'
import { operator } from './testing/operator.ts'
import { scene } from '../domain/testing/scene.ts'

t.test('rates are set from now or from a day on, and listed', async (t) => {
  const olga = await operator(t)
  const { slug, tenantId } = await scene(olga.db)
  await olga.json('rate', 'trunk', 'carrier-a', 'mobile', '0,06')
  t.match(await olga.json('rate', 'trunk', 'carrier-b', 'mobile', '0.039'), { microsPerMinute: 39_000 })
  await olga.json('rate', 'sale', 'all', 'mobile', '0,12')
  t.match(await olga.ramal('rate', 'sale', slug, 'mobile', '0,10', '--from', '2099-01-01'), {
    code: 0,
    out: /^The price for sol-\d+ is R\$ 0,10 per minute for mobile from 2099-01-01 00:00 on\.\n$/,
  })
  const now = new Date()
  const [carrierB] = (await listTrunksFor(olga.db, tenantId)).filter(({ endpoint }) => endpoint === 'carrier-b')
  t.equal(await findTrunkRate(olga.db, carrierB?.id ?? 0, 'mobile', now), 39_000)
  t.equal(await findSaleRate(olga.db, tenantId, 'mobile', now), 120_000)
  t.equal(await findSaleRate(olga.db, tenantId, 'mobile', new Date('2099-01-01T03:00:00Z')), 100_000, 'midnight in São Paulo')

  t.match(await olga.json('trunk', 'order', slug, 'least-cost'), { trunkOrder: 'least-cost' })
  const route = await findRoute(olga.db, await findTenant(olga.db, tenantId), 'mobile', '+5511987654321', now)
  t.same(
    route.map(({ trunk }) => trunk.endpoint),
    ['carrier-b', 'carrier-a'],
  )

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
  t.match(price, { code: 1, err: /must be an amount .* 0,039 or 0\.039/ })
  t.match(carrier, { code: 1, err: /The trunk carrier-z does not exist/ })
  t.match(kind, { code: 1, err: /Allowed choices are mobile/ })
})
