import { sql } from 'kysely'
import t from 'tap'
import { recordEvent, recordTenantEvent } from '../../domain/events.ts'
import { disablePerson, findStaffMember, setPassword, type StaffMember } from '../../domain/accounts/staff.ts'
import { addAgents } from '../../domain/testing/agents.ts'
import { scene, type SceneAgent } from '../../domain/testing/scene.ts'
import { clicks, talks } from '../testing/calls.ts'
import { mostStreams } from './streams.ts'
import { listens } from '../testing/event-stream.ts'
import { site } from '../testing/site.ts'

const web = await site(t)

t.test('the agent and the manager receive a call’s updates in their language, and no other user does', async (t) => {
  const sol = await scene(web.db)
  const lua = await scene(web.db)
  const ana = await listens(t, await web.signedIn(sol.ana))
  const marcia = await listens(t, await web.signedIn(sol.marcia, { 'Accept-Language': 'en' }))
  const bruno = await listens(t, await web.signedIn(sol.bruno))
  const stranger = await listens(t, await web.signedIn(lua.marcia))
  const callId = await clicks(web.db, sol, sol.ana)

  const row = await ana.hears(({ event }) => event === 'call')
  t.match(row.data, { id: callId, state: 'requested' })
  t.match(row.data['row'], new RegExp(`^\\s*<li id="call-${callId}" class="row call call--requested"`))
  t.match(row.data['row'], 'Chamando seu telefone…')
  t.match(row.id, /^\d+$/)
  const current = await ana.hears(({ event }) => event === 'current')
  t.match(current.data, { id: callId, state: 'requested', kind: 'requested', answeredAt: null })
  t.match(current.data['html'], 'data-current-call')
  t.match((await marcia.hears(({ event }) => event === 'call')).data['row'], 'Ringing the agent’s phone…')

  await talks(web.db, sol.ana, callId, 'answered')
  const talking = await ana.hears(({ event, data }) => event === 'current' && data['state'] === 'answered')
  t.match(talking.data['answeredAt'], /^\d{4}-.*Z$/)
  t.match(talking.data['html'], `data-phone="timer" data-since="${talking.data['answeredAt']}"`)

  await web.db
    .updateTable('calls')
    .set({ answered_at: new Date(Date.now() - 60_000), answered_uptime_ms: sql`answered_uptime_ms - 60000` })
    .where('id', '=', callId)
    .execute()
  await talks(web.db, sol.ana, callId, 'ended')
  const ended = await ana.hears(({ event, data }) => event === 'call' && data['state'] === 'ended')
  t.match(ended.data['row'], 'Atendida')
  const order = ana.events.filter(({ event }) => event === 'call').map(({ data }) => data['state'])
  t.same(order.at(0), 'requested')
  t.same(order.at(-1), 'ended')
  for (const everybody of [ana, marcia, bruno]) t.match((await everybody.hears(({ event }) => event === 'balance')).data['html'], /5\d min/)
  t.notOk(
    marcia.events.some(({ event }) => event === 'current'),
    'only an agent has the panel',
  )
  t.same([...new Set(bruno.events.map(({ event }) => event))], ['banner', 'balance'])
  t.same(
    stranger.events.map(({ event }) => event),
    ['banner'],
    'only the state of their own company',
  )
})

t.test('a page that lost its connection receives one update for each call that changed', async (t) => {
  const sol = await scene(web.db)
  const browser = await web.signedIn(sol.ana)
  const before = await listens(t, browser)
  const callId = await clicks(web.db, sol, sol.ana)
  const last = await before.hears(({ event }) => event === 'call')
  before.leaves()
  await talks(web.db, sol.ana, callId)
  const after = await listens(t, browser, { 'Last-Event-ID': last.id ?? '' })
  const missed = await after.hears(({ event, data }) => event === 'call' && data['id'] === callId)
  t.match(missed.data, { state: 'ended' })
  t.match((await after.hears(({ event }) => event === 'current')).data, { id: callId, state: 'ended', kind: 'ended' })
})

t.test('a page that opens another stream continues after its last event, and receives only its own events', async (t) => {
  const [sol, lua] = [await scene(web.db), await scene(web.db)]
  const browser = await web.signedIn(sol.ana)
  const callId = await clicks(web.db, sol, sol.ana)
  await clicks(web.db, lua, lua.ana)
  const last = await web.db.selectFrom('call_events').select('id').where('call_id', '=', callId).executeTakeFirstOrThrow()
  // Longer ago than a page takes to load.
  await web.db
    .updateTable('call_events')
    .set({ at: new Date(Date.now() - 60_000) })
    .where('tenant_id', 'in', [sol.tenantId, lua.tenantId])
    .execute()
  const missed = await listens(t, browser, {}, `/live?after=${last.id}`)
  t.equal((await missed.hears(({ event }) => event === 'call')).data['id'], callId)
  await missed.hears(({ event }) => event === 'tasks')
  t.equal(missed.events.filter(({ event }) => event === 'call').length, 1)
  for (const after of ['', '-1', '1e3', '0x10', '1&after=2', '9'.repeat(30)]) {
    const page = await listens(t, browser, {}, `/live?after=${after}`)
    await page.hears(({ event }) => event === 'banner')
    t.same(
      page.events.map(({ event }) => event),
      ['banner'],
      `nothing is missed since "${after}"`,
    )
    page.leaves()
  }
})

t.test('a page that has seen no call receives the first one when it reconnects', async (t) => {
  const sol = await scene(web.db)
  const browser = await web.signedIn(sol.ana)
  const ago = (seconds: number) => new Date(Date.now() - seconds * 1000)
  await clicks(web.db, sol, sol.bruno)
  await web.db
    .updateTable('call_events')
    .set({ at: ago(90) })
    .execute()
  const quiet = await listens(t, browser)
  const { id } = await quiet.hears(({ event }) => event === 'banner')
  quiet.leaves()
  const callId = await clicks(web.db, sol, sol.ana)
  await web.db
    .updateTable('call_events')
    .set({ at: ago(60) })
    .where('call_id', '=', callId)
    .execute()
  const back = await listens(t, browser, { 'Last-Event-ID': id ?? '' })
  t.equal((await back.hears(({ event }) => event === 'call')).data['id'], callId)
})

t.test('what happened while the page was loading is heard; a page that missed what is long past is told to fetch its lists', async (t) => {
  const sol = await scene(web.db)
  const browser = await web.signedIn(sol.ana)
  const callId = await clicks(web.db, sol, sol.ana)
  const page = await listens(t, browser)
  t.match((await page.hears(({ event }) => event === 'call')).data, { id: callId })
  await web.db
    .updateTable('call_events')
    .set({ at: new Date(Date.now() - 6 * 60_000) })
    .where('call_id', '=', callId)
    .execute()
  const later = await listens(t, browser, { 'Last-Event-ID': '1' })
  await later.hears(({ event }) => event === 'tasks')
  t.same(
    later.events.map(({ event }) => event),
    ['missed', 'balance', 'banner', 'tasks'],
    'a returning page receives the state of its company, and no old call',
  )
  const lua = await scene(web.db)
  const stranger = await listens(t, await web.signedIn(lua.marcia), { 'Last-Event-ID': '1' })
  await stranger.hears(({ event }) => event === 'tasks')
  t.same(
    stranger.events.map(({ event }) => event),
    ['balance', 'banner', 'tasks'],
    'a page of another company missed none of its own calls',
  )
})

t.test('a page that was loaded before an upgrade is offered a reload, in its language', async (t) => {
  const { ana } = await scene(web.db)
  const browser = await web.signedIn(ana)
  const version = /data-version="([^"]+)"/.exec((await browser.get('/contacts')).text)?.[1] ?? ''
  const old = await listens(t, browser, {}, '/live?version=0.0.1%2Bolder')
  t.match((await old.hears(({ event }) => event === 'new-version')).data['html'], 'Há uma versão nova do Ramal.')
  const english = await listens(t, await web.signedIn(ana, { 'Accept-Language': 'en' }), {}, '/live?version=0.0.1%2Bolder')
  t.match((await english.hears(({ event }) => event === 'new-version')).data['html'], 'A new version of Ramal is available.')
  for (const path of [`/live?version=${encodeURIComponent(version)}`, '/live']) {
    const current = await listens(t, browser, {}, path)
    await current.hears(({ event }) => event === 'banner')
    t.notOk(
      current.events.some(({ event }) => event === 'new-version'),
      path,
    )
  }
})

t.test('a page sees every state, also those that pass between two polls', async (t) => {
  const sol = await scene(web.db)
  const marcia = await listens(t, await web.signedIn(sol.marcia))
  const callId = await clicks(web.db, sol, sol.ana)
  await talks(web.db, sol.ana, callId)
  await marcia.hears(({ event, data }) => event === 'call' && data['state'] === 'ended')
  const states = marcia.events.filter(({ event }) => event === 'call').map(({ data }) => data['state'])
  t.same([...new Set(states)].slice(-3), ['authorized', 'answered', 'ended'])
  t.ok(states.includes('requested'))
})

t.test('an event of a slow transaction arrives, even after later events', async (t) => {
  const sol = await scene(web.db)
  const marcia = await listens(t, await web.signedIn(sol.marcia))
  const slow = await clicks(web.db, sol, sol.ana)
  await marcia.hears(({ data }) => data['id'] === slow)
  const heard = marcia.events.length
  await web.db.transaction().execute(async (trx) => {
    await recordEvent(trx, { id: slow, tenant_id: sol.tenantId, agent_id: sol.ana.agentId }, 'authorized', new Date())
    const lua = await scene(web.db)
    const quick = await clicks(web.db, lua, lua.ana)
    const other = await listens(t, await web.signedIn(lua.ana))
    await other.hears(({ data }) => data['id'] === quick)
    await new Promise((resolve) => setTimeout(resolve, 600))
    t.equal(marcia.events.length, heard)
  })
  await marcia.hears((event) => marcia.events.indexOf(event) >= heard && event.data['id'] === slow)
  t.equal(marcia.events.length, heard + 1, 'the event arrives once')
})

t.test('signing out ends the streams of that session; a stranger gets none', async (t) => {
  const { ana } = await scene(web.db)
  const browser = await web.signedIn(ana)
  const elsewhere = await listens(t, await web.signedIn(ana))
  const page = await listens(t, browser)
  await browser.post('/sign-out')
  await page.ended
  const stillOpen = await Promise.race([
    elsewhere.ended.then(() => false),
    new Promise<boolean>((resolve) => setTimeout(resolve, 200, true)),
  ])
  t.ok(stillOpen)
  const refused = await browser.open('/live', { Accept: 'text/event-stream' })
  t.equal(refused.status, 401)
  await refused.body?.cancel()
})

t.test('open pages of a disabled user, or after a password reset, receive no more updates', async (t) => {
  const sol = await scene(web.db)
  const page = async (person: { email: string }) => listens(t, await web.signedIn(person))
  const [ana, bruno, marcia] = [await page(sol.ana), await page(sol.bruno), await page(sol.marcia)]
  await Promise.all([ana, bruno, marcia].map((page) => page.hears(({ event }) => event === 'banner')))
  const heard = [ana.events.length, bruno.events.length]
  const [former, careless] = await Promise.all([sol.ana, sol.bruno].map(({ email }) => findStaffMember(web.db, sol.tenantId, email)))
  await web.db.transaction().execute(async (trx) => {
    await disablePerson(trx, sol.tenantId, former as StaffMember, new Date())
    await setPassword(trx, sol.tenantId, careless as StaffMember, 'uma senha bem comprida', new Date())
  })
  const [carla] = await addAgents(web.db, sol, 1)
  const callId = await clicks(web.db, sol, carla as SceneAgent)
  await marcia.hears(({ data }) => data['id'] === callId)
  await Promise.all([ana.ended, bruno.ended])
  t.strictSame([ana.events.length, bruno.events.length], heard)
})

t.test('closing ends every stream', async (t) => {
  const other = await site(t, { db: web.db })
  const { ana } = await scene(web.db)
  const page = await listens(t, await other.signedIn(ana))
  other.live.close()
  await page.ended
  t.pass('ended')
})

t.test('a user has twenty live pages: the oldest is closed with a message, and the others stay', async (t) => {
  const sol = await scene(web.db)
  const before = web.live.count
  const [ana, marcia] = [await web.signedIn(sol.ana), await web.signedIn(sol.marcia, { 'Accept-Language': 'en' })]
  const hers = await listens(t, marcia)
  const pages = []
  for (let n = 0; n < mostStreams; n++) pages.push(await listens(t, ana))
  t.equal(web.live.count - before, mostStreams + 1)
  // In another browser too: it counts the person.
  const later = [await listens(t, await web.signedIn(sol.ana)), await listens(t, ana)]
  for (const oldest of pages.splice(0, 2)) {
    const { data } = await oldest.hears(({ event }) => event === 'paused')
    t.match(data['html'], 'Esta aba parou de se atualizar porque você tem mais de 20 abas abertas.')
    await oldest.ended
  }
  t.equal(web.live.count - before, mostStreams + 1)
  await web.db.transaction().execute((trx) => recordTenantEvent(trx, sol.tenantId, 'balance-changed', new Date()))
  for (const page of [...pages, ...later, hers]) {
    await page.hears(({ event }) => event === 'balance')
    t.notOk(page.events.some(({ event }) => event === 'paused'))
  }
})
