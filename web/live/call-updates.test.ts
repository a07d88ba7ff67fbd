import t from 'tap'
import { ringNext } from '../../domain/calls/incoming/receive.ts'
import { agentViewer } from '../../domain/calls/history/visibility.ts'
import { saveWrapUp } from '../../domain/calls/wrap-up/wrap-up.ts'
import { callerGoes, callsIn, picksUp } from '../../domain/testing/incoming.ts'
import { registers, scene } from '../../domain/testing/scene.ts'
import { asks, clicks, hangsUp } from '../../domain/testing/steps.ts'
import { site } from '../testing/site.ts'

const web = await site(t)
const sol = await scene(web.db)
const lua = await scene(web.db)
const [ana, bruno, marcia, stranger] = await Promise.all([
  web.signedIn(sol.ana),
  web.signedIn(sol.bruno),
  web.signedIn(sol.marcia),
  web.signedIn(lua.marcia),
])
const now = () => new Date()
const rows = (html: string) => [...html.matchAll(/<li id="call-([0-9a-f]{32})"/g)].map(([, id]) => id ?? '')

await registers(web.db, sol.ana)
await registers(web.db, sol.bruno)

t.test('a ringing agent sees who calls; an agent who did not answer sees who did, and no more', async (t) => {
  const before = await clicks(web.db, sol, sol.ana, now())
  await asks(web.db, sol.ana, before, now())
  await hangsUp(web.db, before, now())
  const viewer = agentViewer(sol.tenantId, sol.ana.agentId)
  await saveWrapUp(web.db, viewer, before, { dispositionId: null, note: 'Pediu desconto', revision: 0 }, sol.ana.userId, now())
  const { callId } = await callsIn(web.db, sol, now())
  t.equal((await bruno.get(`/calls/${callId}/card`)).status, 404, 'it does not ring here yet')
  await ringNext(web.db, callId, 'last', now())
  t.match((await ana.get(`/calls/${callId}/card`)).text, /Pediu desconto/, 'with what the agent noted last')
  t.notMatch((await bruno.get(`/calls/${callId}/card`)).text, /Pediu desconto/, 'only Ana sees her note')
  for (const agent of [ana, bruno]) {
    const { status, text } = await agent.get(`/calls/${callId}/card`)
    t.equal(status, 200)
    t.match(text, /Maria Souza/)
    t.match(text, /Empório Central ·\s+<span class="number">\(11\) 98765-4301/)
    t.match(text, /data-open/)
  }
  t.ok(await picksUp(web.db, sol.ana, callId, now()))
  t.match((await bruno.get(`/calls/${callId}/card`)).text, /Atendida por Ana/)
  t.notMatch((await bruno.get(`/calls/${callId}/card`)).text, /data-open/)
  await callerGoes(web.db, callId, now())
  const page = await bruno.get(`/calls/${callId}`)
  t.match(page.text, /Atendida por Ana/)
  t.match(page.text, /Tocou para<\/dt>\s*<dd>Ana Ribeiro, Bruno Castro/)
  t.notMatch(page.text, /data-wrap-up|call-recording/, 'neither its note nor its recording')
  t.equal((await bruno.get(`/calls/${callId}/wrap-up`)).status, 404)
  t.equal((await bruno.get(`/calls/${callId}/recording`)).status, 404)
  t.equal((await ana.get(`/calls/${callId}/wrap-up`)).status, 200)
  t.match((await marcia.get(`/calls/${callId}`)).text, /Atendida por<\/dt>\s*<dd>Ana Ribeiro/)
})

t.test('a missed call is in the history of the agents it rang, and a task calls back by one click', async (t) => {
  const { callId } = await callsIn(web.db, sol, now(), { caller: '+5521987650099' })
  await ringNext(web.db, callId, 'group', now())
  for (const person of [ana, bruno, marcia]) {
    const { text } = await person.get('/calls?direction=missed')
    t.same(rows(text), [callId])
    t.match(text, /Perdida<\/span> <span>Não atendida/)
  }
  t.notMatch(rows((await marcia.get('/calls?direction=outgoing')).text), callId)
  t.same(rows((await marcia.get('/calls?direction=incoming')).text).length, 2)
  const tasks = await bruno.get('/tasks')
  t.match(tasks.text, /Ligação perdida/)
  t.match(tasks.text, /hx-post="\/tasks\/\d+\/calls"/)
  t.match((await marcia.get(`/calls/${callId}`)).text, /Atendida por<\/dt>\s*<dd>nenhum agente/)
})

t.test('another company sees none of it', async (t) => {
  const { callId } = await callsIn(web.db, sol, now(), { caller: '+5521987650098' })
  t.same(rows((await stranger.get('/calls')).text), [])
  for (const path of ['', '/card', '/wrap-up', '/recording']) t.equal((await stranger.get(`/calls/${callId}${path}`)).status, 404, path)
  t.equal((await stranger.get(`/calls/${callId}/row`)).status, 204)
})
