import t from 'tap'
import { correct } from '../../domain/balance/ledger.ts'
import { inTransaction } from '../../domain/database/transaction.ts'
import { findPause } from '../../domain/policy/spend-alarm.ts'
import { lockTenant } from '../../domain/tenants/tenants.ts'
import { registers, scene, type Scene } from '../../domain/testing/scene.ts'
import { clicks, talks } from '../testing/calls.ts'
import { listens } from '../testing/event-stream.ts'
import { site } from '../testing/site.ts'

const web = await site(t)
const nothing = /<div id="banner" role="status">\s*<\/div>/

/** A company whose hour has cost more than its alarm allows. */
async function overspent(): Promise<Scene> {
  const sol = await scene(web.db, {
    balanceSeconds: 36_000,
    tenant: { spend_alarm_floor_seconds: 30, usual_hour_seconds: 60, spend_alarm_factor: 1 },
  })
  const hour = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000)
  await web.db.insertInto('usage_hours').values({ tenant_id: sol.tenantId, hour, seconds: 18_720 }).execute()
  await registers(web.db, sol.ana)
  return sol
}

t.test('the alarm pauses calls: a click is refused, agent and manager read why without a reload, and the manager releases', async (t) => {
  const sol = await overspent()
  const lua = await scene(web.db)
  const [ana, marcia] = [await web.signedIn(sol.ana), await web.signedIn(sol.marcia)]
  const stranger = await listens(t, await web.signedIn(lua.marcia))
  const [agentHears, managerHears] = [await listens(t, ana), await listens(t, marcia)]
  await managerHears.hears(({ event, data }) => event === 'banner' && data['warning'] === null)

  const click = await ana.post(`/contacts/${sol.maria.id}/calls`)
  t.equal(click.status, 409)
  t.equal(click.headers.get('x-refusal'), 'outbound-paused')
  t.match(click.text, 'As ligações da empresa estão pausadas: consumo acima do normal. Fale com o gestor.')
  const banner = await managerHears.hears(({ event, data }) => event === 'banner' && data['warning'] !== null)
  t.match(banner.data['html'], 'Nesta hora foram 312 min; o normal é 1 min por hora.')
  t.match(banner.data['html'], 'Liberar ligações')
  const asked = await agentHears.hears(({ event, data }) => event === 'banner' && data['warning'] !== null)
  t.match(asked.data['html'], 'Peça ao gestor para liberar.')
  t.notMatch(asked.data['html'], /312|outbound-release/)
  const page = await marcia.get('/calls')
  t.match(page.text, `data-warning="${banner.data['warning']}"`, 'a page opened now says the same')
  t.match(
    page.text,
    /<div id="banner" role="status">\s*<div class="banner banner--paused"[^]*action="\/outbound-release">\s*<input type="hidden" name="_csrf"/,
  )

  t.equal((await ana.post('/outbound-release')).status, 404, 'an agent cannot release calls')
  t.equal((await marcia.post('/outbound-release', {}, { 'x-csrf-token': 'forged' })).status, 403)
  t.ok(await findPause(web.db, sol.tenantId))
  const released = await marcia.post('/outbound-release', {}, { Referer: `${web.origin}/calls` })
  t.equal(released.status, 303)
  t.equal(released.headers.get('location'), '/calls')
  const after = await marcia.get('/calls')
  t.match(after.text, 'Ligações liberadas.')
  t.match(after.text, nothing)
  const isLast = (listener: typeof agentHears) => listener.events.findLast(({ event }) => event === 'banner')?.data['warning'] === null
  await agentHears.hears(({ event }) => event === 'banner' && isLast(agentHears))
  const { released_by } = await web.db
    .selectFrom('outbound_pauses')
    .selectAll()
    .where('tenant_id', '=', sol.tenantId)
    .executeTakeFirstOrThrow()
  t.equal(released_by, sol.marcia.email)
  t.equal((await ana.post(`/contacts/${sol.maria.id}/calls`)).status, 201, 'the next click works')
  t.equal((await marcia.post('/outbound-release')).status, 303, 'a second release changes nothing')
  t.same(
    stranger.events.map(({ event, data }) => [event, data['warning']]),
    [['banner', null]],
  )
})

t.test('a company without a baseline reads its alarm threshold', async (t) => {
  const sol = await overspent()
  await web.db
    .updateTable('tenants')
    .set({ usual_hour_seconds: 0, spend_alarm_floor_seconds: 14_400 })
    .where('id', '=', sol.tenantId)
    .execute()
  await (await web.signedIn(sol.ana)).post(`/contacts/${sol.maria.id}/calls`)
  const manager = await web.signedIn(sol.marcia, { 'Accept-Language': 'en' })
  t.match((await manager.get('/calls')).text, 'This hour: 312 min, above the alarm of 240 min per hour.')
})

t.test('every user sees without a reload that minutes are low after a call, and used up after a correction', async (t) => {
  const sol = await scene(web.db, { balanceSeconds: 90, tenant: { low_balance_seconds: 80 } })
  const [ana, marcia] = [await web.signedIn(sol.ana), await web.signedIn(sol.marcia)]
  t.match((await ana.get('/contacts')).text, nothing)
  const [agentHears, managerHears] = [await listens(t, ana), await listens(t, marcia)]
  const callId = await clicks(web.db, sol, sol.ana)
  await talks(web.db, sol.ana, callId)
  const low = (listener: typeof agentHears) => listener.hears(({ data }) => data['warning'] === 'low-minutes')
  t.match((await low(agentHears)).data['html'], 'Os minutos da empresa estão acabando. Avise seu gestor.')
  t.match((await low(managerHears)).data['html'], /Faça uma recarga.*href="\/balance"/s)

  await inTransaction(web.db, async (trx) => {
    await lockTenant(trx, sol.tenantId)
    await correct(trx, sol.tenantId, -30, { reason: 'test', author: 'test' }, new Date())
  })
  const none = await agentHears.hears(({ data }) => data['warning'] === 'no-minutes')
  t.match(none.data['html'], 'A empresa está sem minutos. Peça uma recarga ao gestor.')
  t.match((await marcia.get('/calls')).text, 'Faça uma recarga para voltar a ligar.')
})
