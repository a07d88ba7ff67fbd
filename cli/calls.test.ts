import t from 'tap'
import { findPause, isOutboundPaused } from '../domain/policy/spend-alarm.ts'
import { lockTenant } from '../domain/tenants/tenants.ts'
import { operator } from './testing/operator.ts'
import { scene } from '../domain/testing/scene.ts'
import { hourOf, readHourSeconds } from '../domain/policy/usage-counters.ts'

t.test('paused calls are released after the operator confirms the reason of the pause', async (t) => {
  const olga = await operator(t)
  const { slug, tenantId } = await scene(olga.db, { tenant: { usual_hour_seconds: 600, spend_alarm_floor_seconds: 3600 } })
  const release = ['calls', 'release', slug]
  t.match(await olga.ramal(...release), { code: 1, err: /The calls of Padaria Sol \d+ are not paused/ })

  const now = new Date()
  const isPaused = () =>
    olga.db.transaction().execute(async (trx) => {
      const tenant = await lockTenant(trx, tenantId)
      const pauseIsOpen = (await findPause(trx, tenantId)) !== null
      return isOutboundPaused(trx, tenant, { pauseIsOpen, chargedThisHour: await readHourSeconds(trx, tenantId, now) }, now)
    })
  await olga.db
    .insertInto('usage_hours')
    .values({ tenant_id: tenantId, hour: hourOf(now), seconds: 7200 })
    .execute()
  t.equal(await isPaused(), true)
  const why = /are paused since \d{4}-\d\d-\d\d \d\d:\d\d: that hour took 120 min, and its usual hour takes 10 min\./
  t.match(await olga.ramal(...release), { code: 1, out: '', err: why })
  t.ok(await findPause(olga.db, tenantId))
  t.match((await olga.ramal('tenant', 'show', slug)).out, why)

  t.match(await olga.ramalAsking(slug, ...release, '--author', 'Olga Reis'), { code: 0, out: /allowed again/ })
  t.equal(await isPaused(), false)
  t.match(await olga.db.selectFrom('outbound_pauses').selectAll().execute(), [{ released_by: 'Olga Reis', open_tenant_id: null }])
})
