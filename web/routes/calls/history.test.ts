import t from 'tap'
import { newCallId } from '../../../domain/telephony/call-id.ts'
import { listDispositions } from '../../../domain/calls/wrap-up/dispositions.ts'
import { finishRecording } from '../../../domain/recordings/recordings.ts'
import { scene, type Scene, type SceneAgent } from '../../../domain/testing/scene.ts'
import { site } from '../../testing/site.ts'

const web = await site(t)
const sol = await scene(web.db)
const lua = await scene(web.db)
const marcia = await web.signedIn(sol.marcia)

interface PastCall {
  agent?: SceneAgent
  e164?: string
  outcome?: string
  at?: string
}

/** A call of the past. */
async function called(
  company: Scene,
  { agent = company.ana, e164 = company.maria.e164, outcome = 'busy', at = '2026-11-10T15:00:00Z' }: PastCall,
) {
  const id = newCallId()
  const call = {
    id,
    tenant_id: company.tenantId,
    agent_id: agent.agentId,
    origin: 'phone' as const,
    e164,
    state: 'ended' as const,
    outcome,
  }
  const blocks = { first_block_seconds: 30, next_block_seconds: 6, free_seconds: 3 }
  await web.db
    .insertInto('calls')
    .values({ ...call, ...blocks, requested_at: new Date(at), ended_at: new Date(at) })
    .execute()
  return id
}

const busy = await called(sol, { e164: '+5511987654321' })
const answered = await called(sol, { e164: '+5521987651234', outcome: 'answered', at: '2026-11-12T02:59:59Z' })
const ofBruno = await called(sol, { agent: sol.bruno, e164: '+551132105678', at: '2026-11-12T03:00:00Z' })
const elsewhere = await called(lua, { e164: '+5511987654321' })

const rows = (html: string) => [...html.matchAll(/<li id="call-([0-9a-f]{32})"/g)].map(([, id]) => id ?? '')
const finds = async (query: string, browser = marcia) => rows((await browser.get(`/calls?${query}`)).text)

t.test('the manager narrows the history by agent and by how calls ended', async (t) => {
  t.same(await finds(''), [ofBruno, answered, busy], 'the newest first')
  t.same(await finds(`agent=${sol.bruno.agentId}`), [ofBruno])
  t.same(await finds('outcome=answered'), [answered])
  t.same(await finds(`outcome=busy&agent=${sol.ana.agentId}`), [busy])
  t.same(await finds(`agent=${lua.ana.agentId}`), [], 'an agent of another company has no calls here')
  t.same(await finds('outcome=nonsense&agent=x&from=tomorrow'), [ofBruno, answered, busy], 'an invalid filter is ignored')
})

t.test('the history is filtered by result, and by calls without a result', async (t) => {
  const mar = await scene(web.db)
  const browser = await web.signedIn(mar.marcia)
  const [interested, proposal, ...others] = await listDispositions(web.db, mar.tenantId)
  const archived = others.at(-1)
  await web.db
    .updateTable('dispositions')
    .set({ archived_at: new Date() })
    .where('id', '=', archived?.id ?? 0)
    .execute()
  const calledWithResult = async (call: PastCall, dispositionId: number | undefined) => {
    const id = await called(mar, call)
    await web.db
      .updateTable('calls')
      .set({ disposition_id: dispositionId ?? null })
      .where('id', '=', id)
      .execute()
    return id
  }
  const anas = await calledWithResult({ outcome: 'answered' }, interested?.id)
  const brunos = await calledWithResult({ agent: mar.bruno, outcome: 'answered', at: '2026-11-11T15:00:00Z' }, interested?.id)
  const old = await calledWithResult({ outcome: 'answered', at: '2026-11-12T15:00:00Z' }, archived?.id)
  const unsaid = await called(mar, { outcome: 'answered', at: '2026-11-13T15:00:00Z' })
  t.same(await finds(`disposition=${interested?.id}`, browser), [brunos, anas])
  t.same(await finds(`disposition=${interested?.id}&agent=${mar.ana.agentId}&outcome=answered`, browser), [anas])
  t.same(await finds(`disposition=${archived?.id}`, browser), [old], 'an archived result')
  t.same(await finds('disposition=none', browser), [unsaid])
  t.same(await finds('disposition=some', browser), [unsaid, old, brunos, anas])
  t.same(await finds(`disposition=${interested?.id}`, await web.signedIn(mar.ana)), [anas])
  const [theirs] = await listDispositions(web.db, lua.tenantId)
  t.same(await finds(`disposition=${theirs?.id}`, browser), [], 'another company’s')
  t.match((await browser.get('/calls?disposition=none')).text, '<option value="none" selected>sem resultado')
  t.match((await browser.get(`/calls?disposition=${proposal?.id}`)).text, 'aria-label="Remover o filtro Proposta pedida"')
  t.match((await browser.get(`/calls?disposition=none&agent=${mar.bruno.agentId}`)).text, 'aria-label="Remover o filtro sem resultado"')
  t.equal((await browser.get(`/calls/${unsaid}/row?disposition=none`)).status, 200)
  t.equal((await browser.get(`/calls/${unsaid}/row?disposition=${interested?.id}`)).status, 204)
  const sheet = (await browser.get(`/calls/export?disposition=${archived?.id}`)).text.split('\r\n')
  t.match(sheet[1], 'atendeu;Caixa postal;')
  t.equal(sheet.length, 3)
})

t.test('a number is found in any spelling, by its beginning or by its end', async (t) => {
  for (const typed of [
    '(11) 98765-4321',
    '+55 11 98765-4321',
    '011987654321',
    '0 15 11 98765 4321',
    '11 8765-4321',
    '1198765',
    '+551198',
    '98765-43',
    '4321',
  ])
    t.same(await finds(`number=${encodeURIComponent(typed)}`), [busy], typed)
  t.same(await finds('number=98765'), [answered, busy], 'in any area')
  t.same(await finds('number=11'), [ofBruno, busy], 'two digits are an area code')
  t.same(await finds('number=3210'), [ofBruno])
  t.same(await finds('number=5555'), [])
  t.same(await finds('number=Maria'), [ofBruno, answered, busy], 'a text without digits is ignored')
})

t.test('days are in the company’s time zone, and include the whole last day', async (t) => {
  t.same(await finds('from=2026-11-11&to=2026-11-11'), [answered], '23:59:59 of the 11th in São Paulo')
  t.same(await finds('from=2026-11-12'), [ofBruno])
  t.same(await finds('to=2026-11-10'), [busy])
  const wrong = await marcia.get('/calls?from=2026-11-12&to=2026-11-10')
  t.match(wrong.text, 'A data final é anterior à inicial')
})

t.test('an agent filters only their own calls', async (t) => {
  const bruno = await web.signedIn(sol.bruno)
  t.same(await finds('number=98765', bruno), [])
  t.same(await finds(`agent=${sol.ana.agentId}`, bruno), [ofBruno])
  t.notMatch((await bruno.get('/calls')).text, 'name="agent"')
  t.notMatch(await finds('number=98765-4321', await web.signedIn(lua.marcia)), [busy])
})

t.test('the address contains the filter, and the form shows it', async (t) => {
  const answer = await marcia.fragment('/calls?number=98765&agent=&outcome=busy&from=&to=', 'div#calls-found')
  t.equal(answer.headers.get('hx-push-url'), '/calls?number=98765&outcome=busy')
  t.same(rows(answer.text), [busy])
  t.notMatch(answer.text, '<html')
  const whole = await marcia.get(`/calls?number=98765&outcome=busy&agent=${sol.ana.agentId}&from=2026-11-01`)
  t.match(whole.text, 'name="number" type="search" inputmode="tel" value="98765"')
  t.match(whole.text, '<option value="busy" selected>')
  t.match(whole.text, `<option value="${sol.ana.agentId}" selected>Ana Ribeiro`)
  t.match(whole.text, 'type="date" value="2026-11-01"')
})

t.test('if nothing matches, the page suggests which filter to remove', async (t) => {
  const { text } = await marcia.get(`/calls?number=98765-4321&agent=${sol.ana.agentId}&outcome=answered`)
  t.match(text, 'Nenhuma ligação com esses filtros')
  t.match(text, `<a class="button" href="/calls?number=98765-4321&amp;agent=${sol.ana.agentId}" aria-label="Remover o filtro atendeu"`)
  t.match(text, `<a class="button" href="/calls?agent=${sol.ana.agentId}&amp;outcome=answered" aria-label="Remover o filtro 98765-4321"`)
  t.notMatch(text, 'Remover o filtro Ana Ribeiro')
  const several = await marcia.get('/calls?outcome=rejected&from=2026-11-20')
  t.match(several.text, 'Remova mais de um filtro')
})

t.test('a filtered page gets the row of a call only if the call matches', async (t) => {
  const match = await marcia.get(`/calls/${busy}/row?outcome=busy&number=4321&from=2026-11-10`)
  t.equal(match.status, 200)
  t.match(match.text, new RegExp(`^\\s*<li id="call-${busy}" class="row call`))
  for (const path of [`${busy}/row?outcome=answered`, `${busy}/row?number=4322`, `${elsewhere}/row`, `${'f'.repeat(32)}/row`, 'x/row']) {
    const none = await marcia.get(`/calls/${path}`)
    t.equal(none.status, 204, path)
    t.equal(none.text, '')
  }
  t.equal((await (await web.signedIn(sol.bruno)).get(`/calls/${busy}/row`)).status, 204, 'a colleague’s call')
})

t.test('the next page continues within the filter while new calls arrive', async (t) => {
  const mar = await scene(web.db)
  for (let n = 0; n < 60; n++)
    await called(mar, { outcome: n % 6 === 0 ? 'busy' : 'no-answer', at: new Date(Date.UTC(2026, 9, 1, 12, 0, n)).toISOString() })
  const browser = await web.signedIn(mar.marcia)
  const first = await browser.get('/calls?outcome=no-answer')
  t.equal(rows(first.text).length, 50)
  t.notMatch(first.text, 'id="more-calls"')
  const page = await browser.get('/calls?number=11')
  const next = /hx-get="([^"]+)"/.exec(page.text.slice(page.text.indexOf('id="more-calls"')))?.[1]?.replaceAll('&amp;', '&') ?? ''
  t.match(next, /^\/calls\?number=11&before=\d+-[0-9a-f]{32}$/)
  await called(mar, { at: '2026-10-02T12:00:00Z' })
  const rest = rows((await browser.fragment(next, 'li#more-calls')).text)
  t.equal(rest.length, 10)
  t.equal(new Set([...rows(page.text), ...rest]).size, 60)
})

t.test('a manager exports the filtered calls as a sheet that Excel opens', async (t) => {
  const rio = await scene(web.db)
  await web.db.updateTable('contacts').set({ name: '=HYPERLINK("x")', company: 'Sol; "Filhos"' }).where('id', '=', rio.maria.id).execute()
  const id = await called(rio, { outcome: 'answered', at: '2026-11-12T02:59:59Z' })
  await called(rio, { outcome: 'busy' })
  await web.db
    .updateTable('calls')
    .set({ contact_id: rio.maria.id, talk_seconds: 84, price_micros: 168_000 })
    .where('id', '=', id)
    .execute()
  const browser = await web.signedIn(rio.marcia)
  t.match((await browser.get('/calls?outcome=answered')).text, 'href="/calls/export?outcome=answered" hx-boost="false" download')
  const sheet = await browser.get('/calls/export?outcome=answered')
  t.equal(sheet.headers.get('content-type'), 'text/csv; charset=utf-8')
  t.match(sheet.headers.get('content-disposition'), new RegExp(`^attachment; filename="?ligacoes-${rio.slug}-\\d{4}-\\d\\d-\\d\\d.csv"?$`))
  const bytes = Buffer.from(await (await browser.open('/calls/export?outcome=answered')).arrayBuffer())
  t.same([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf], 'the byte-order mark of UTF-8')
  const [titles = '', line = '', end, ...more] = sheet.text.split('\r\n')
  t.match(titles, 'Quando;Agente;Lead;Empresa;Número')
  t.match(line, `11/11/2026 23:59:59;Ana Ribeiro;"'=HYPERLINK(""x"")";"Sol; ""Filhos""";(11) 98765-4301;`)
  t.match(line, ';atendeu;;;84;0;0,1680;;')
  t.same([end, more], ['', []], 'one line per matching call, and none of another company')
  const english = await (await web.signedIn(rio.marcia, { 'Accept-Language': 'en' })).get('/calls/export')
  t.match(english.text, 'When,Agent,Lead')
  t.match(english.text, '2026-11-11 23:59:59,Ana Ribeiro')
  for (const agent of [rio.ana, sol.ana]) t.equal((await (await web.signedIn(agent)).get('/calls/export')).status, 404)
  t.notMatch((await (await web.signedIn(rio.ana)).get('/calls')).text, '/calls/export')
})

t.test(
  'a recording that lacks a part of its talk says so: on the call’s page, in the history and in the sheet, in both languages',
  async (t) => {
    const sul = await scene(web.db)
    const id = await called(sul, { outcome: 'answered' })
    const talk = { answered_at: new Date('2026-11-10T15:00:00Z') }
    await web.db.updateTable('calls').set(talk).where('id', '=', id).execute()
    await web.db.insertInto('recordings').values({ call_id: id, tenant_id: sul.tenantId, created_at: new Date() }).execute()
    const finished = { state: 'ready' as const, path: `${id}.mp3`, bytes: 24, durationMs: 2400, missingMs: 9600 }
    await finishRecording(web.db, id, finished, new Date())
    const manager = await web.signedIn(sul.marcia)
    t.match((await manager.get(`/calls/${id}`)).text, 'Gravação incompleta: 10 s da conversa não foram gravados.')
    t.match((await manager.get('/calls')).text, '<span>gravação incompleta</span>')
    t.match((await manager.get('/calls/export')).text, ';em parte;')
    const english = await web.signedIn(sul.marcia, { 'Accept-Language': 'en' })
    t.match((await english.get(`/calls/${id}`)).text, 'Incomplete recording: 10 s of the conversation were not recorded.')
    t.match((await english.get('/calls')).text, '<span>incomplete recording</span>')
  },
)
