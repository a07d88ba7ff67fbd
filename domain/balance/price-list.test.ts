import t from 'tap'
import { findRoute } from '../telephony/outbound-routing.ts'
import { addTrunk, findTrunk } from '../telephony/trunks.ts'
import { changePolicy, findTenant } from '../tenants/tenants.ts'
import { testDatabase } from '../testing/database.ts'
import { scene } from '../testing/scene.ts'
import { listRates, setCarrierRate } from './price-list.ts'
import { findSaleRate, findTrunkRate, setSaleRate } from './rates.ts'

const now = new Date('2026-11-24T12:00:00Z')
const daysFromNow = (days: number) => new Date(now.getTime() + days * 86_400_000)

t.test('the newest rate that is not in the future is the current one', async (t) => {
  const db = await testDatabase(t)
  const { tenantId } = await scene(db)
  await setSaleRate(db, null, 'mobile', 120_000, daysFromNow(-2))
  await setSaleRate(db, null, 'mobile', 110_000, daysFromNow(-1))
  await setSaleRate(db, tenantId, 'mobile', 100_000, daysFromNow(1))
  t.match(await listRates(db, now), [
    { kind: 'sale', tenantId: null, microsPerMinute: 110_000, status: 'current', endpoint: null },
    { kind: 'sale', tenantId: null, microsPerMinute: 120_000, status: 'past' },
    { kind: 'sale', tenantId, microsPerMinute: 100_000, status: 'future' },
  ])
  t.equal(await findSaleRate(db, tenantId, 'mobile', now), 110_000)
  t.equal(await findSaleRate(db, tenantId, 'mobile', daysFromNow(1)), 100_000, 'its own price applies from that moment')
})

t.test('a carrier’s rate counts for each of its trunks, and decides the order of the cheapest first', async (t) => {
  const db = await testDatabase(t)
  const { tenantId } = await scene(db)
  await db.transaction().execute(async (trx) => {
    await addTrunk(trx, null, { endpoint: 'carrier-a' })
    await changePolicy(trx, tenantId, { trunk_order: 'least-cost' }, now)
    t.equal(await setCarrierRate(trx, 'carrier-a', 'mobile', 60_000, daysFromNow(-1)), true)
    t.equal(await setCarrierRate(trx, 'carrier-b', 'mobile', 39_000, daysFromNow(-1)), true)
    t.equal(await setCarrierRate(trx, 'carrier-z', 'mobile', 39_000, daysFromNow(-1)), false)
  })
  for (const id of [tenantId, null]) {
    const trunk = await findTrunk(db, id, 'carrier-a')
    t.equal(await findTrunkRate(db, trunk?.id ?? 0, 'mobile', now), 60_000, id === null ? 'for all tenants' : 'of one tenant')
  }
  const route = await findRoute(db, await findTenant(db, tenantId), 'mobile', '+5511987654321', now)
  const trunks = route.map(({ trunk }) => trunk.endpoint)
  t.same(trunks, ['carrier-b', 'carrier-a'])
})
