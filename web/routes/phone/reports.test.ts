import t from 'tap'
import { scene } from '../../../domain/testing/scene.ts'
import { clicks, talks } from '../../testing/calls.ts'
import { site } from '../../testing/site.ts'

const web = await site(t)
const sol = await scene(web.db)
const callId = await clicks(web.db, sol, sol.ana)
await talks(web.db, sol.ana, callId)

const measured = {
  ...{ meanLossPermille: '4', worstLossPermille: '80', meanJitterMs: '6', worstJitterMs: '40' },
  ...{ meanRoundTripMs: '82', worstRoundTripMs: '300', meanMosTenths: '43', worstMosTenths: '22' },
}

t.test('the page of a call describes its sound quality, for its agent and the manager', async (t) => {
  const ana = await web.signedIn(sol.ana)
  t.notMatch((await ana.get(`/calls/${callId}`)).text, '<dt>Áudio</dt>', 'not measured yet')
  t.equal((await ana.post(`/calls/${callId}/quality`, { ...measured, meanMosTenths: '20' })).status, 204)
  t.equal((await ana.post(`/calls/${callId}/quality`, measured)).status, 204, 'repeated every half minute')
  for (const person of [sol.ana, sol.marcia]) {
    const { text } = await (await web.signedIn(person)).get(`/calls/${callId}`)
    t.match(text, /<dt>Áudio<\/dt>\s*<dd>Excelente, com um trecho ruim/)
    t.match(text.replaceAll('\u00a0', ' '), 'perda 0,4% (máxima 8%), ida e volta 82 ms, nota 4,3 de 5')
  }
})

t.test('only valid measurements are stored', async (t) => {
  const ana = await web.signedIn(sol.ana)
  const incomplete: Record<string, string> = { ...measured }
  delete incomplete['meanJitterMs']
  for (const form of [
    {},
    incomplete,
    { ...measured, worstLossPermille: '1001' },
    { ...measured, meanMosTenths: '9' },
    { ...measured, meanMosTenths: '46' },
    { ...measured, meanJitterMs: '-1' },
    { ...measured, meanJitterMs: '1e3' },
    { ...measured, worstRoundTripMs: '99999' },
  ])
    t.equal((await ana.post(`/calls/${callId}/quality`, form)).status, 400, JSON.stringify(form))
  ana.token = 'forged'
  t.equal((await ana.post(`/calls/${callId}/quality`, measured)).status, 403)
})

t.test('an hour after a call its agent can no longer report its quality', async (t) => {
  await web.db
    .updateTable('calls')
    .set({ ended_at: new Date(Date.now() - 3_600_000) })
    .where('id', '=', callId)
    .execute()
  const ana = await web.signedIn(sol.ana)
  t.equal((await ana.post(`/calls/${callId}/quality`, measured)).status, 404)
})

const entries = [{ at: 1_780_000_000_000, kind: 'phone', facts: { line: 'ready', muted: false, callId: null, mos: 4.2 } }]

t.test('an agent can send only a few reports per hour, and only in the form of a report', async (t) => {
  const ana = await web.signedIn(sol.ana, { 'User-Agent': "Firefox on Ana's desk" })
  const sends = (report: unknown) => ana.postJson('/phone/reports', report)
  for (const report of [
    null,
    { entries },
    { appVersion: '1', entries: [{ kind: 'phone', facts: {} }] },
    { appVersion: '1', entries: [{ at: 1, kind: 'phone', facts: { deep: { er: 1 } } }] },
    { appVersion: '1', entries: new Array(1201).fill(entries[0]) },
  ])
    t.equal((await sends(report)).status, 400)
  t.equal((await sends({ appVersion: '1', entries: 'x'.repeat(400_000) })).status, 413)
  for (const status of [201, 201, 201, 201, 201, 429]) t.equal((await sends({ appVersion: '0.1.0+x', entries })).status, status)
  const kept = await web.db.selectFrom('phone_reports').selectAll().execute()
  t.equal(kept.length, 5)
  t.match(kept[0], { tenant_id: sol.tenantId, agent_id: sol.ana.agentId, browser: "Firefox on Ana's desk", app_version: '0.1.0+x' })
  t.same(JSON.parse(kept[0]?.entries ?? ''), entries)
  t.equal((await (await web.signedIn(sol.bruno)).postJson('/phone/reports', { appVersion: '1', entries })).status, 201, 'a colleague may')
  t.equal(
    (await (await web.signedIn(sol.marcia)).postJson('/phone/reports', { appVersion: '1', entries })).status,
    404,
    'a manager without a phone cannot send a report',
  )
})
