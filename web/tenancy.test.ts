import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { listDispositions } from '../domain/calls/wrap-up/dispositions.ts'
import { listContactNumbers } from '../domain/contacts/numbers.ts'
import { addDoNotCall } from '../domain/policy/do-not-call.ts'
import { inTransaction } from '../domain/database/transaction.ts'
import { finishRecording } from '../domain/recordings/recordings.ts'
import { addTask } from '../domain/tasks/tasks.ts'
import { registers, scene } from '../domain/testing/scene.ts'
import { clicks, talks } from './testing/calls.ts'
import { site } from './testing/site.ts'

const web = await site(t)
const sol = await scene(web.db)
const lua = await scene(web.db)
const callId = await clicks(web.db, sol, sol.ana)
await talks(web.db, sol.ana, callId)
await mkdir(join(web.config.storageDir, sol.slug))
await writeFile(join(web.config.storageDir, sol.slug, `${callId}.mp3`), Buffer.from('ID3 0123456789 and so on'))
await finishRecording(web.db, callId, { state: 'ready', path: `${sol.slug}/${callId}.mp3`, bytes: 24, durationMs: 36_000 }, new Date())

t.test('the agent and the manager play the recording from any position', async (t) => {
  for (const person of [sol.ana, sol.marcia]) {
    const browser = await web.signedIn(person)
    const whole = await browser.get(`/calls/${callId}/recording`)
    t.equal(whole.status, 200)
    t.equal(whole.headers.get('content-type'), 'audio/mpeg')
    t.match(whole.headers.get('cache-control'), /^private/)
    t.equal(whole.text, 'ID3 0123456789 and so on')
    const part = await browser.get(`/calls/${callId}/recording`, { Range: 'bytes=4-13' })
    t.equal(part.status, 206)
    t.equal(part.headers.get('content-range'), 'bytes 4-13/24')
    t.equal(part.text, '0123456789')
    t.equal((await browser.get(`/calls/${callId}/recording`, { Range: 'bytes=900-' })).status, 416)
    t.match(
      (await browser.get(`/calls/${callId}`)).text,
      new RegExp(`<audio [^>]*src="/calls/${callId}/recording"\\s+controlslist="nodownload">`),
    )
  }
})

t.test('a recording can be downloaded only if the company allows it, by those who may play it', async (t) => {
  const ana = await web.signedIn(sol.ana)
  t.equal((await ana.get(`/calls/${callId}/recording/copy`)).status, 404)
  await web.db.updateTable('tenants').set({ recording_downloads: true }).where('id', 'in', [sol.tenantId, lua.tenantId]).execute()
  const copy = await ana.get(`/calls/${callId}/recording/copy`)
  t.equal(copy.status, 200)
  t.match(copy.headers.get('content-disposition'), /^attachment/)
  t.match((await ana.get(`/calls/${callId}`)).text, `href="/calls/${callId}/recording/copy"`)
  for (const person of [sol.bruno, lua.marcia])
    t.equal((await (await web.signedIn(person)).get(`/calls/${callId}/recording/copy`)).status, 404)
})

t.test('a colleague and another company get the same answer as for an unknown call', async (t) => {
  for (const person of [sol.bruno, lua.ana, lua.marcia]) {
    const browser = await web.signedIn(person)
    for (const path of [`/calls/${callId}`, `/calls/${callId}/recording`]) {
      const answer = await browser.get(path)
      const never = await browser.get(path.replace(callId, 'f'.repeat(32)))
      t.equal(answer.status, 404, `${person.email} ${path}`)
      t.equal(answer.text, never.text)
    }
    t.notMatch((await browser.get('/calls')).text, callId)
    t.equal((await browser.get(`/calls/${callId}/row`)).status, 204)
    t.notMatch((await browser.get('/calls/export')).text, callId)
  }
})

t.test('the lead of another company is 404, to see and to call', async (t) => {
  await registers(web.db, lua.ana)
  const browser = await web.signedIn(lua.ana)
  t.equal((await browser.post(`/contacts/${sol.maria.id}/calls`)).status, 404)
  t.equal((await browser.post('/contacts/0/calls')).status, 404)
  t.equal((await browser.post('/contacts/1e3/calls')).status, 404)
  const { count } = await web.db
    .selectFrom('calls')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('tenant_id', '=', lua.tenantId)
    .executeTakeFirstOrThrow()
  t.equal(Number(count), 0)
})

t.test('a recording that is missing on the disk is 404, and no path leads out of the storage', async (t) => {
  const browser = await web.signedIn(sol.ana)
  for (const path of [`${sol.slug}/gone.mp3`, '../../../etc/hostname', `${sol.slug}/.hidden`]) {
    await web.db.updateTable('recordings').set({ path }).where('call_id', '=', callId).execute()
    const answer = await browser.get(`/calls/${callId}/recording`)
    t.equal(answer.status, 404, path)
    t.match(answer.text, 'Não encontramos essa página')
  }
})

t.test('the numbers of another company’s lead are 404, to change and to bar, and stay as they are', async (t) => {
  const before = await listContactNumbers(web.db, sol.tenantId, sol.maria.id)
  const digits = sol.maria.e164.slice(1)
  for (const person of [lua.ana, lua.marcia]) {
    const browser = await web.signedIn(person)
    const number = { number: '11 3210-0002', label: '' }
    for (const path of ['numbers', `numbers/${digits}`]) {
      const answer = await browser.post(`/contacts/${sol.maria.id}/${path}`, number)
      t.equal(answer.status, 404, `${person.email} ${path}`)
    }
    for (const path of ['removal', 'restoration', 'first-place'].map((each) => `numbers/${digits}/${each}`))
      t.equal((await browser.post(`/contacts/${sol.maria.id}/${path}`)).status, 404, `${person.email} ${path}`)
    for (const path of ['do-not-call', 'do-not-call/removal', 'do-not-call/restoration'])
      t.equal((await browser.post(`/contacts/${sol.maria.id}/${path}`)).status, 404, `${person.email} ${path}`)
    // Maria of the other company has the same number.
    t.equal((await browser.post(`/contacts/${sol.maria.id}/calls`, { number: sol.maria.e164 })).status, 404)
  }
  t.same(await listContactNumbers(web.db, sol.tenantId, sol.maria.id), before)
})

t.test('the do-not-call list of a company is for its manager, and marks only its own leads', async (t) => {
  await addDoNotCall(web.db, sol.tenantId, ['+5511987650077'], { reason: 'segredo', author: 'ana' }, new Date())
  const other = await web.signedIn(lua.marcia)
  t.notMatch((await other.get('/do-not-call')).text, '98765-0077')
  t.notMatch((await other.get('/do-not-call?q=segredo')).text, '98765-0077')
  t.equal((await other.post('/do-not-call/5511987650077/removal')).status, 404)
  t.equal((await other.post('/do-not-call/5511987650077/restoration')).status, 404)
  const stranger = await web.signedIn(lua.ana)
  for (const path of [`/contacts/${sol.maria.id}/do-not-call`, `/calls/${callId}/do-not-call`])
    t.equal((await stranger.post(path, { reason: '' })).status, 404, path)
  t.equal((await stranger.get(`/contacts/${sol.maria.id}/do-not-call`)).status, 404)
  t.equal((await (await web.signedIn(sol.bruno)).post(`/calls/${callId}/do-not-call`)).status, 404, 'a colleague’s call')
  const agent = await web.signedIn(sol.ana)
  for (const path of ['/do-not-call', '/do-not-call/new', '/do-not-call/imports', '/rules'])
    t.equal((await agent.get(path)).status, 404, path)
  for (const path of [
    '/do-not-call',
    '/do-not-call/imports',
    '/do-not-call/5511987650077/removal',
    '/do-not-call/5511987650077/restoration',
  ])
    t.equal((await agent.post(path, { number: '11987650078' })).status, 404, path)
  const numbers = await web.db.selectFrom('do_not_call').select(['tenant_id', 'e164']).execute()
  t.same(numbers, [{ tenant_id: sol.tenantId, e164: '+5511987650077' }])

  await addDoNotCall(web.db, sol.tenantId, [sol.maria.e164], { reason: '', author: 'ana' }, new Date())
  t.notMatch((await stranger.get('/contacts')).text, 'data-locked=', 'Maria is a lead of both companies, and asked one of them')
  await registers(web.db, lua.bruno)
  t.equal((await (await web.signedIn(lua.bruno)).post(`/contacts/${lua.maria.id}/calls`)).status, 201)
})

t.test('a task of another company, or of a colleague, is 404 and stays as it is', async (t) => {
  const task = { kind: 'callback', e164: sol.maria.e164, agentId: sol.ana.agentId, dueAt: new Date(), note: 'segredo' } as const
  const { id } = await inTransaction(web.db, (trx) => addTask(trx, sol.tenantId, task, new Date()))
  for (const person of [lua.ana, lua.marcia, sol.bruno]) {
    const browser = await web.signedIn(person)
    t.notMatch((await browser.get('/tasks')).text, 'segredo')
    for (const action of ['calls', 'completion', 'reopening', 'postponement'])
      t.equal((await browser.post(`/tasks/${id}/${action}`, { when: '1h' })).status, 404, `${person.email} ${action}`)
  }
  t.match(await web.db.selectFrom('tasks').selectAll().executeTakeFirst(), { done_at: null, due_at: task.dueAt })
})

t.test('the note of a call is for its agent and manager, and the results belong to their company', async (t) => {
  const [disposition] = await listDispositions(web.db, sol.tenantId)
  for (const person of [lua.ana, lua.marcia, sol.bruno]) {
    const browser = await web.signedIn(person)
    t.equal((await browser.fragment(`/calls/${callId}/wrap-up`, 'div#x')).status, 404)
    for (const action of ['wrap-up', 'callbacks'])
      t.equal((await browser.post(`/calls/${callId}/${action}`, { note: 'x', revision: '0', when: '1h' })).status, 404)
    for (const action of ['archive', 'restoration']) t.equal((await browser.post(`/dispositions/${disposition?.id}/${action}`)).status, 404)
  }
  t.equal((await (await web.signedIn(sol.ana)).post('/dispositions', { label: 'x' })).status, 404, 'an agent cannot add results')
  t.same(await listDispositions(web.db, sol.tenantId).then(([first]) => first), disposition)
})

t.test('only managers see the price of a call; all who may see the call see its kind of number', async (t) => {
  await web.db.updateTable('calls').set({ price_micros: 72_000, cost_micros: 39_012 }).where('id', '=', callId).execute()
  const seen = async (person: { email: string }) =>
    (await (await web.signedIn(person)).get(`/calls/${callId}`)).text.replaceAll('\u00a0', ' ')
  const manager = await seen(sol.marcia)
  t.match(manager, /<dt>Valor<\/dt>\s*<dd class="number">R\$ 0,072<\/dd>/)
  t.match(manager, /<dt>Pago à operadora<\/dt>\s*<dd class="number">R\$ 0,039<\/dd>/)
  t.match(manager, /<dt>Tipo de número<\/dt>\s*<dd>Celular<\/dd>/)
  const agent = await seen(sol.ana)
  t.match(agent, /<dt>Tipo de número<\/dt>\s*<dd>Celular<\/dd>/)
  t.notMatch(agent, /R\$|Valor/)
})

t.test('the statement is for managers; agents see the figure only', async (t) => {
  const manager = await web.signedIn(sol.marcia)
  const statement = await manager.get('/balance')
  t.match(statement.text, 'Ligação para Maria Souza')
  t.match(statement.text, '−36 s')
  t.match(statement.text, '+3.600 s')
  const agent = await web.signedIn(sol.ana)
  t.equal((await agent.get('/balance')).status, 404)
  t.match((await agent.get('/contacts')).text, /id="balance"><span class="number" title="3.564 segundos">59 min/)
  const other = await web.signedIn(lua.marcia)
  t.notMatch((await other.get('/balance')).text, 'Maria Souza')
})

t.test('only the agent of a call reports its quality', async (t) => {
  const quality = {
    ...{ meanLossPermille: '0', worstLossPermille: '0', meanJitterMs: '0', worstJitterMs: '0' },
    ...{ meanRoundTripMs: '0', worstRoundTripMs: '0', meanMosTenths: '44', worstMosTenths: '44' },
  }
  for (const person of [sol.bruno, sol.marcia, lua.ana, lua.marcia])
    t.equal((await (await web.signedIn(person)).post(`/calls/${callId}/quality`, quality)).status, 404, person.email)
  t.same(await web.db.selectFrom('call_quality').selectAll().execute(), [])
  t.equal((await (await web.signedIn(sol.ana)).post(`/calls/${callId}/quality`, quality)).status, 204)
})

t.test('a phone report belongs to the company of its sender, whatever it contains', async (t) => {
  const report = { appVersion: '1', entries: [{ at: 1, kind: 'phone', facts: { tenantId: lua.tenantId } }] }
  t.equal((await (await web.signedIn(sol.ana)).postJson('/phone/reports', report)).status, 201)
  const kept = await web.db.selectFrom('phone_reports').select(['tenant_id', 'agent_id']).execute()
  t.same(kept, [{ tenant_id: sol.tenantId, agent_id: sol.ana.agentId }])
})
