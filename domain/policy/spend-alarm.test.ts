import t from 'tap'
import { inTransaction } from '../database/transaction.ts'
import { lockTenant } from '../tenants/tenants.ts'
import { testDatabase } from '../testing/database.ts'
import { scene, type Scene } from '../testing/scene.ts'
import { asks, second } from '../testing/steps.ts'
import { alarmThresholdSeconds, findPause, isOutboundPaused, releaseOutbound, renewUsualHours } from './spend-alarm.ts'
import { countSeconds, hourOf, readHourSeconds } from './usage-counters.ts'

const db = await testDatabase(t)
/** The alarm triggers above 90 s in an hour. */
const tenant = { spend_alarm_floor_seconds: 60, spend_alarm_factor: 3, usual_hour_seconds: 30 }

async function spends({ tenantId, ana }: Scene, seconds: number, at: Date): Promise<void> {
  await inTransaction(db, async (trx) => countSeconds(trx, await lockTenant(trx, tenantId), ana.agentId, seconds, at))
}

/** What a call that asks at this time learns. */
async function isPaused({ tenantId }: Scene, at: Date): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    const locked = await lockTenant(trx, tenantId)
    const known = { pauseIsOpen: (await findPause(trx, tenantId)) !== null, chargedThisHour: await readHourSeconds(trx, tenantId, at) }
    return isOutboundPaused(trx, locked, known, at)
  })
}

const releases = ({ tenantId }: Scene, author: string, at: Date) => inTransaction(db, (trx) => releaseOutbound(trx, tenantId, author, at))
const pausesOf = ({ tenantId }: Scene) => db.selectFrom('outbound_pauses').selectAll().where('tenant_id', '=', tenantId).execute()
const eventsOf = async ({ tenantId }: Scene) =>
  (await db.selectFrom('call_events').select('kind').where('tenant_id', '=', tenantId).where('kind', 'like', 'outbound-%').execute()).map(
    ({ kind }) => kind,
  )

t.test('an hour that spends more than the threshold pauses its company, once, and the pause says why', async (t) => {
  const [sol, lua] = [await scene(db, { tenant }), await scene(db, { tenant })]
  await spends(sol, 90, second(60))
  t.notOk(await isPaused(sol, second(60)), 'the threshold itself is allowed')
  t.equal(await findPause(db, sol.tenantId), null)
  await spends(sol, 1, second(120))
  t.ok(await isPaused(sol, second(120)))
  t.ok(await isPaused(sol, second(130)))
  t.same(await findPause(db, sol.tenantId), { pausedAt: second(120), hourSeconds: 91, usualSeconds: 30 })
  t.same(await eventsOf(sol), ['outbound-paused'])
  t.notOk(await isPaused(lua, second(130)), 'another company calls on')
  t.equal(await findPause(db, lua.tenantId), null)
})

t.test('a pause stays until it is released, also in the next hour', async (t) => {
  const sol = await scene(db, { tenant })
  await spends(sol, 91, second(0))
  await isPaused(sol, second(1))
  t.ok(await isPaused(sol, second(2 * 3600)))
})

t.test('a release says who and when, and forgives what the hour has spent', async (t) => {
  const [sol, lua] = [await scene(db, { tenant }), await scene(db, { tenant })]
  t.notOk(await releases(sol, 'olga', second(0)), 'there is no pause yet')
  for (const company of [sol, lua]) {
    await spends(company, 120, second(60))
    await isPaused(company, second(60))
  }
  t.ok(await releases(sol, 'Olga Reis', second(300)))
  t.notOk(await releases(sol, 'Rui', second(301)), 'a second release finds nothing')
  t.match(await pausesOf(sol), [{ open_tenant_id: null, released_by: 'Olga Reis', released_at: second(300), released_hour_seconds: 120 }])
  t.same(await eventsOf(sol), ['outbound-paused', 'outbound-released'])
  t.ok(await findPause(db, lua.tenantId), 'another company stays paused')

  t.notOk(await isPaused(sol, second(301)))
  await spends(sol, 90, second(600))
  t.notOk(await isPaused(sol, second(600)), 'the rest of the hour counts from the release')
  await spends(sol, 1, second(660))
  t.ok(await isPaused(sol, second(660)), 'the alarm can start again')
  t.equal((await pausesOf(sol)).length, 2)
})

t.test('a release forgives nothing of the next hour', async (t) => {
  const sol = await scene(db, { tenant })
  await spends(sol, 500, second(0))
  await isPaused(sol, second(0))
  await releases(sol, 'olga', second(3599))
  await spends(sol, 91, second(3600))
  t.ok(await isPaused(sol, second(3600)))
})

t.test('what calls in progress hold counts as spent, and a release forgives it too', async (t) => {
  const sol = await scene(db, { tenant })
  t.match(await asks(db, sol.ana, '', second(0), '11987654301'), { verdict: 'allowed' })
  t.ok(await isPaused(sol, second(1)), 'the call holds 120 s')
  t.match(await findPause(db, sol.tenantId), { hourSeconds: 120 })
  await releases(sol, 'olga', second(2))
  t.match(await pausesOf(sol), [{ released_hour_seconds: 120 }])
  t.notOk(await isPaused(sol, second(3)))
})

t.test('two releases at once: one of them releases the pause', async (t) => {
  const sol = await scene(db, { tenant })
  await spends(sol, 91, second(0))
  await isPaused(sol, second(0))
  const released = await Promise.all(['olga', 'rui'].map((author) => releases(sol, author, second(1))))
  t.same(released.sort(), [false, true])
  t.equal((await eventsOf(sol)).filter((kind) => kind === 'outbound-released').length, 1)
})

t.test('a factor of zero turns the alarm off, and a company without usual hours has the floor', async (t) => {
  const off = await scene(db, { tenant: { ...tenant, spend_alarm_factor: 0 } })
  await spends(off, 100_000, second(0))
  t.notOk(await isPaused(off, second(0)))
  const fresh = await scene(db, { tenant: { ...tenant, usual_hour_seconds: 0 } })
  t.equal(await inTransaction(db, async (trx) => alarmThresholdSeconds(await lockTenant(trx, fresh.tenantId))), 60)
})

t.test('the usual hour is the mean of the hours with calls in the last two weeks, without the current hour', async (t) => {
  const [sol, idle] = [await scene(db, { tenant }), await scene(db, { tenant })]
  const hoursAgo = (hours: number) => second(-hours * 3600)
  for (const [hours, seconds] of [
    [0, 9000],
    [1, 100],
    [14 * 24, 200],
    [14 * 24 + 1, 9000],
  ] as const)
    await spends(sol, seconds, hoursAgo(hours))
  await renewUsualHours(db, second(1800))
  const usual = async ({ tenantId }: Scene) =>
    (await db.selectFrom('tenants').select('usual_hour_seconds').where('id', '=', tenantId).executeTakeFirstOrThrow()).usual_hour_seconds
  t.equal(await usual(sol), 150)
  t.equal(await usual(idle), 0)
  t.equal(hourOf(second(1800)).getTime(), second(0).getTime())
})
