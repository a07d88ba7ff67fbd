/** What calls cost: minutes, the spend alarm, the trunks and rates. Asked as Asterisk asks. */
import t from 'tap'
import { topUp } from '../../domain/balance/ledger.ts'
import { setSaleRate, setTrunkRate } from '../../domain/balance/rates.ts'
import { setDestination } from '../../domain/policy/destination-rules.ts'
import { findPause, releaseOutbound } from '../../domain/policy/spend-alarm.ts'
import { lockTenant } from '../../domain/tenants/tenants.ts'
import { scene } from '../../domain/testing/scene.ts'
import { second } from '../../domain/testing/steps.ts'
import { dialledCalls } from '../testing/dialled-calls.ts'

const { db, time, dials, verdictOf, talks, gives, find } = await dialledCalls(t)

t.test('an hour that costs far more than usual pauses the company, until a manager resumes it', async (t) => {
  time.now = second(0)
  const sol = await scene(db, { tenant: { spend_alarm_floor_seconds: 60, spend_alarm_factor: 3, usual_hour_seconds: 30 } })
  await talks(await dials(sol.ana), sol.ana, 120)
  t.equal(await verdictOf(sol.ana), 'outbound-paused', '120 s, four times the usual 30 s')
  t.equal(await verdictOf(sol.bruno), 'outbound-paused', 'for all')
  t.match(await findPause(db, sol.tenantId), { hourSeconds: 120, usualSeconds: 30 })
  await db.transaction().execute((trx) => releaseOutbound(trx, sol.tenantId, 'marcia', time.now))
  const next = await dials(sol.ana)
  t.equal(next['RAMAL_VERDICT'], 'allowed', 'the hour counts anew')
  await talks(next, sol.ana, 120)
  t.equal(await verdictOf(sol.ana), 'outbound-paused', 'the alarm can start again')
  t.equal(await verdictOf(sol.ana, '190'), 'allowed', 'but never for the police')
})

t.test('without minutes only free numbers are called; after a top-up the next call works', async (t) => {
  time.now = second(0)
  const sol = await scene(db, { balanceSeconds: 0 })
  t.equal(await verdictOf(sol.ana), 'no-balance')
  await setDestination(db, sol.tenantId, 'toll-free', true)
  const free = await dials(sol.ana, '0800 123 4567')
  t.equal(free['RAMAL_VERDICT'], 'allowed')
  await talks(free, sol.ana, 600)
  t.match(await find(free['RAMAL_CALL']), { talk_seconds: 600, billed_seconds: 0, destination: 'toll-free' })
  await db.transaction().execute(async (trx) => {
    await lockTenant(trx, sol.tenantId)
    await topUp(trx, sol.tenantId, 30, { reason: 'paid', author: 'test' }, time.now)
  })
  t.equal(await verdictOf(sol.ana), 'allowed')
})

t.test('trunks are tried by priority, or the cheapest first if the company chose that', async (t) => {
  time.now = second(0)
  for (const [order, trunks] of [
    ['priority', 'carrier-a:carrier-b'],
    ['least-cost', 'carrier-b:carrier-a'],
  ] as const) {
    const sol = await scene(db, { tenant: { trunk_order: order } })
    const own = await db.selectFrom('trunks').select(['id', 'endpoint']).where('tenant_id', '=', sol.tenantId).execute()
    for (const { id, endpoint } of own) await setTrunkRate(db, id, 'mobile', endpoint === 'carrier-a' ? 90_000 : 39_000, second(-10))
    t.equal((await dials(sol.ana))['RAMAL_TRUNKS']?.replaceAll(/\/[\d/]+/g, ''), trunks)
  }
})

t.test('the number shown is the company’s own, with the lead’s area code where it has one', async (t) => {
  time.now = second(0)
  const sol = await scene(db)
  const [first] = await db.selectFrom('numbers').select('e164').where('tenant_id', '=', sol.tenantId).execute()
  await db.insertInto('numbers').values({ tenant_id: sol.tenantId, e164: '+552132109999', position: 2 }).execute()
  const shown = async (number: string) => {
    const call = await dials(sol.ana, number)
    await gives(call, sol.ana)
    return /^carrier-a\/\d+\/(\d+):/.exec(call['RAMAL_TRUNKS'] ?? '')?.[1]
  }
  t.equal(await shown('21 98765-4303'), '552132109999')
  t.equal(await shown('31 98765-4305'), first?.e164.slice(1))
})

t.test('a call keeps its cost and its price, at the rates of its day', async (t) => {
  time.now = second(0)
  const sol = await scene(db)
  const trunk = await db
    .selectFrom('trunks')
    .select('id')
    .where('tenant_id', '=', sol.tenantId)
    .where('endpoint', '=', 'carrier-a')
    .executeTakeFirstOrThrow()
  await setTrunkRate(db, trunk.id, 'mobile', 60_000, second(-100))
  await setTrunkRate(db, trunk.id, 'mobile', 999_000, second(1000))
  await setSaleRate(db, null, 'mobile', 500_000, second(-100))
  await setSaleRate(db, sol.tenantId, 'mobile', 120_000, second(-50))
  const call = await dials(sol.ana)
  await talks(call, sol.ana, 41)
  t.match(await find(call['RAMAL_CALL']), { billed_seconds: 42, cost_micros: 42_000, price_micros: 84_000 })
  const other = await scene(db)
  const unpriced = await dials(other.ana, '1133334309')
  await talks(unpriced, other.ana, 41)
  t.match(await find(unpriced['RAMAL_CALL']), { cost_micros: null, price_micros: null }, 'without a rate there is no price')
})
