import t from 'tap'
import { endCall } from '../../../domain/calls/end.ts'
import { addTags } from '../../../domain/contacts/tags.ts'
import { inTransaction } from '../../../domain/database/transaction.ts'
import { setCallingHours } from '../../../domain/policy/calling-hours.ts'
import { addLead, registers, scene, type Scene } from '../../../domain/testing/scene.ts'
import { asks } from '../../../domain/testing/steps.ts'
import { site } from '../../testing/site.ts'
import type { Answer, Visitor } from '../../testing/visitor.ts'
import { momentAt } from '../../../domain/testing/clock.ts'

const web = await site(t)
const rules = { name: 'Feira', attempts: '3', wait: '60', tag: '', owner: '', q: '' }

async function leads({ tenantId, ana }: Scene, names: string[], tag = ''): Promise<void> {
  for (const [n, name] of names.entries()) {
    const contactId = await addLead(web.db, tenantId, name, [`+552198765${String(1000 + n)}`])
    if (n === 0) await web.db.updateTable('contacts').set({ owner_agent_id: ana.agentId }).where('id', '=', contactId).execute()
    if (tag !== '') await inTransaction(web.db, (trx) => addTags(trx, tenantId, [{ contactId, tag }]))
  }
}

/** A manager makes a list; its address. */
async function makes(manager: Visitor, form: Partial<typeof rules> = {}): Promise<string> {
  const answer = await manager.post('/lists', { ...rules, ...form })
  if (answer.status !== 303) throw new Error(`the list was not made: ${answer.text}`)
  return answer.headers.get('location') ?? ''
}

const entryIn = ({ text }: Answer) => /data-list-lead="(\d+)"/.exec(text)?.[1] ?? null
const nameIn = ({ text }: Answer) => /<h2 id="list-lead"><a[^>]*>([^<]+)/.exec(text)?.[1] ?? null

/** Presses the button that brings the next lead, and follows it. */
async function goesOn(agent: Visitor, list: string): Promise<Answer> {
  const answer = await agent.post(`${list}/work`)
  return answer.status === 303 ? agent.get(answer.headers.get('location') ?? '') : answer
}

t.test('a manager creates a list from a filter, and first sees its length', async (t) => {
  const sol = await scene(web.db)
  await leads(sol, ['Bia', 'Caio', 'Davi'], 'feira')
  const manager = await web.signedIn(sol.marcia)
  t.match((await manager.get('/lists')).text, 'Nenhuma lista aberta')
  t.match((await manager.get('/lists/new')).text, '4 leads entram na lista')
  const size = async (query: string) => (await manager.fragment(`/lists/new?${query}`, 'p#list-size')).text.trim()
  t.equal(await size('tag=feira'), '3 leads entram na lista')
  t.equal(await size(`tag=feira&owner=${sol.ana.agentId}`), '1 lead entra na lista')
  t.equal(await size('q=inexistente'), '0 leads entram na lista')
  t.match((await manager.get('/lists/new?tag=feira')).text, /name="name" value="feira"/)

  const wrong = await manager.post('/lists', { ...rules, name: ' ', attempts: 'dez', wait: '0', tag: 'feira', q: 'Ca' })
  t.equal(wrong.status, 422)
  for (const kept of [
    'value="dez"',
    'value="0"',
    'value="Ca"',
    '<option selected>feira',
    'um nome de até 80',
    'de 1 a 10.',
    '1 lead entra',
  ])
    t.match(wrong.text, kept)
  const empty = await manager.post('/lists', { ...rules, name: 'Vazia', q: 'inexistente' })
  t.equal(empty.status, 422)
  t.match(empty.text, 'Nenhum lead com esses filtros')
  t.match(empty.text, 'value="Vazia"')

  const list = await makes(manager, { tag: 'feira' })
  const page = await manager.get(list)
  t.match(page.text, 'Lista criada com 3 leads.')
  t.match(page.text, 'a ligar: 3 · concluídos: 0 · descartados: 0')
  for (const name of ['Bia', 'Caio', 'Davi']) t.match(page.text, `>${name}</a>`)
  t.notMatch(page.text, 'Maria Souza')
})

t.test('an agent works a list: next, skip, call back, call, and stop', async (t) => {
  const sol = await scene(web.db)
  await leads(sol, ['Bia', 'Caio', 'Davi'])
  await inTransaction(web.db, (trx) => setCallingHours(trx, sol.tenantId, []))
  const list = await makes(await web.signedIn(sol.marcia))
  const [ana, bruno] = [await web.signedIn(sol.ana), await web.signedIn(sol.bruno)]
  await registers(web.db, sol.ana)
  t.match((await ana.get('/lists')).text, `action="${list}/work"`)
  t.match((await ana.get(`${list}/work`)).text, 'Pronto para começar?')
  const first = await goesOn(ana, list)
  t.equal(nameIn(first), 'Bia')
  t.match(first.text, `hx-post="${list}/entries/${entryIn(first)}/calls"`)
  t.equal(nameIn(await goesOn(ana, list)), 'Bia', 'a second click gives the same lead')
  t.equal(nameIn(await goesOn(bruno, list)), 'Caio')
  t.equal((await bruno.post(`${list}/entries/${entryIn(first)}/calls`)).status, 404, 'Bruno does not hold the lead')
  await bruno.post(`${list}/entries/${entryIn(first)}/skip`)
  t.equal(nameIn(await ana.get(`${list}/work`)), 'Bia', 'Bruno cannot skip it either')
  t.equal((await bruno.post(`${list}/leaving`)).status, 303)

  await ana.post(`${list}/entries/${entryIn(first)}/skip`)
  const second = await ana.get(`${list}/work`)
  t.match(second.text, 'Bia foi para o fim da lista.')
  t.equal(nameIn(second), 'Caio', 'Bruno gave it back')
  const wrong = await ana.post(`${list}/entries/${entryIn(second)}/callback`, { when: 'at', at: '2020-01-01T10:00' })
  t.equal(wrong.status, 422)
  t.match(wrong.text, 'value="2020-01-01T10:00"')
  t.match(wrong.text, 'Escolha uma data e uma hora no futuro.')
  t.equal((await ana.post(`${list}/entries/${entryIn(second)}/callback`, { when: '1h' })).status, 303)
  const third = await ana.get(`${list}/work`)
  t.match(third.text, 'Retorno agendado: Caio')
  t.equal(nameIn(third), 'Davi')
  t.match((await ana.get('/tasks')).text, 'Caio')

  const call = await ana.post(`${list}/entries/${entryIn(third)}/calls`)
  t.equal(call.status, 201)
  const callId = call.headers.get('x-call-id') ?? ''
  t.equal((await ana.post(`${list}/hold`)).status, 204)
  await asks(web.db, sol.ana, callId, new Date())
  const busy = { dialStatus: 'BUSY', sipCode: 486, q850: 17, leadEnded: false, agentCause: 16 }
  await endCall(web.db, { callId, uniqueId: '1.1', ...busy }, momentAt(new Date()))
  const after = await ana.fragment(`${list}/work`, 'div#list-work')
  t.match(after.text, 'ocupado · próxima tentativa:')
  t.match(after.text, 'data-list-next')
  t.notMatch(after.text, 'data-list-skip')
  t.equal((await ana.post(`${list}/entries/${entryIn(third)}/calls`)).headers.get('x-refusal'), 'not-on-the-list')
  t.equal(nameIn(await goesOn(ana, list)), 'Maria Souza')
  await ana.post(`${list}/leaving`)
  t.equal((await ana.post(`${list}/hold`)).status, 409)

  const manager = await web.signedIn(sol.marcia)
  const page = await manager.get(list)
  t.match(page.text, 'a ligar: 3 · concluídos: 1 · descartados: 0')
  t.match(page.text, 'concluído · retorno agendado')
  t.match(
    page.text,
    new RegExp(
      `href="/calls\\?agent=${sol.ana.agentId}&amp;list=\\d+">Ana Ribeiro</a></td>\\s*<td class="number">1</td>\\s*<td class="number">0`,
    ),
  )
  t.match((await manager.get(`/calls?list=${list.split('/')[2]}`)).text, `id="call-${callId}"`)
  t.match((await manager.get('/calls?list=9999')).text, 'Nenhuma ligação com esses filtros')
  const sheet = (await manager.get(`${list}/export`)).text.split('\r\n')
  t.match(sheet[0], 'Lead;Empresa;Número;Situação;Motivo;Tentativas;Agente;Última mudança')
  t.match(
    sheet.find((line) => line.startsWith('Davi')),
    /^Davi;;\(21\) 9876-51002|^Davi;;[^;]+;a ligar;ocupado;1;Ana Ribeiro;/,
  )
  t.equal((await manager.get(`${list}/export?state=done`)).text.split('\r\n').length, 3)
  t.match((await manager.get(`${list}?state=done`)).text, '>Caio</a>')
  t.notMatch((await manager.get(`${list}?state=done`)).text, '>Davi</a>')

  t.equal((await ana.post(`/calls/${callId}/callbacks`, { when: 'tomorrow', place: 'panel' })).status, 200)
  t.match((await manager.get(`${list}?state=done`)).text, '>Davi</a>', 'a callback after the call completes the entry')
})

t.test('outside the calling hours the page says that the list is paused; after the last lead it says that too', async (t) => {
  const sol = await scene(web.db)
  const list = await makes(await web.signedIn(sol.marcia))
  const ana = await web.signedIn(sol.ana)
  const yesterday = ((new Date().getUTCDay() + 5) % 7) + 1
  await inTransaction(web.db, (trx) => setCallingHours(trx, sol.tenantId, [{ weekday: yesterday, fromMinute: 0, toMinute: 1 }]))
  const paused = await goesOn(ana, list)
  t.match(paused.text, 'A lista está em pausa')
  t.match(paused.text, 'Fora do horário permitido (')
  await inTransaction(web.db, (trx) => setCallingHours(trx, sol.tenantId, []))
  const maria = await goesOn(ana, list)
  await ana.post(`${list}/entries/${entryIn(maria)}/callback`, { when: 'tomorrow' })
  t.match((await goesOn(ana, list)).text, 'Lista concluída')
})

t.test('a list is renamed, closed, reopened, and removed if it has no calls', async (t) => {
  const sol = await scene(web.db)
  const manager = await web.signedIn(sol.marcia)
  const list = await makes(manager)
  const wrong = await manager.post(list, { name: 'x'.repeat(81), attempts: '3', wait: '60' })
  t.equal(wrong.status, 422)
  t.match(wrong.text, 'x'.repeat(81))
  t.equal((await manager.post(list, { name: 'Natal', attempts: '2', wait: '30' })).status, 303)
  t.match((await manager.get(list)).text, 'value="Natal"')
  await manager.post(`${list}/closing`)
  const undo = /action="([^"]+reopening[^"]+)"/.exec((await manager.get('/lists')).text)?.[1] ?? ''
  t.match((await manager.get(list)).text, `action="${list}/reopening"`, 'a closed list can be reopened')
  const ana = await web.signedIn(sol.ana)
  t.notMatch((await ana.get('/lists')).text, 'Natal')
  t.match((await goesOn(ana, list)).text, 'Esta lista foi encerrada')
  await manager.post(undo)
  t.match((await manager.get('/lists')).text, 'Lista reaberta.')
  await manager.post(`${list}/closing`)
  await manager.post(undo)
  t.match((await manager.get('/lists')).text, 'Esta lista foi encerrada de novo depois disso. Ela continua encerrada.')
  await manager.post(`${list}/reopening`)
  t.equal(nameIn(await goesOn(ana, list)), 'Maria Souza')
  t.equal((await manager.post(`${list}/removal`)).headers.get('location'), '/lists')
  t.equal((await manager.get(list)).status, 404)

  const used = await makes(manager)
  await registers(web.db, sol.ana)
  await inTransaction(web.db, (trx) => setCallingHours(trx, sol.tenantId, []))
  const lead = await goesOn(ana, used)
  t.equal((await ana.post(`${used}/entries/${entryIn(lead)}/calls`)).status, 201)
  t.notMatch((await manager.get(used)).text, `${used}/removal`)
  await manager.post(`${used}/removal`)
  t.match((await manager.get(used)).text, 'já tem ligações')
})

t.test('a company sees only its own lists, and only a manager creates them', async (t) => {
  const [sol, lua] = [await scene(web.db), await scene(web.db)]
  const list = await makes(await web.signedIn(sol.marcia))
  const lead = await goesOn(await web.signedIn(sol.ana), list)
  const [stranger, agent] = [await web.signedIn(lua.marcia), await web.signedIn(lua.ana)]
  await registers(web.db, lua.ana)
  t.notMatch((await stranger.get('/lists')).text, 'Feira')
  t.notMatch((await stranger.get('/calls')).text, 'Feira')
  for (const path of [list, `${list}/export`]) t.equal((await stranger.get(path)).status, 404, path)
  for (const path of [list, `${list}/closing`, `${list}/reopening`, `${list}/removal`])
    t.equal((await stranger.post(path, rules)).status, 404, path)
  t.equal((await agent.get(`${list}/work`)).status, 404)
  const entry = `${list}/entries/${entryIn(lead)}`
  for (const path of [`${list}/work`, `${list}/hold`, `${list}/leaving`, `${entry}/calls`, `${entry}/skip`, `${entry}/callback`])
    t.equal((await agent.post(path, { when: '1h' })).status, 404, path)

  const own = await web.signedIn(sol.bruno)
  for (const path of ['/lists/new', list, `${list}/export`]) t.equal((await own.get(path)).status, 404, path)
  for (const path of ['/lists', list, `${list}/closing`, `${list}/removal`]) t.equal((await own.post(path, rules)).status, 404, path)
  const manager = await web.signedIn(sol.marcia)
  t.equal((await manager.get(`${list}/work`)).status, 404, 'a manager without a phone makes no calls')
  t.match((await manager.get(list)).text, 'a ligar: 1 ')
})

t.test('a list of hundreds of leads has pages', async (t) => {
  const sol = await scene(web.db)
  await leads(
    sol,
    Array.from({ length: 149 }, (_, n) => `Lead ${String(n).padStart(3, '0')}`),
  )
  const manager = await web.signedIn(sol.marcia)
  const list = await makes(manager)
  const rows = (text: string) => [...text.matchAll(/<li id="entry-(\d+)"/g)].map(([, id]) => id)
  const page = await manager.get(list)
  const next = /hx-get="([^"]+)" hx-target="#more-entries"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&') ?? ''
  const rest = await manager.fragment(next, 'li#more-entries')
  t.same([rows(page.text).length, rows(rest.text).length], [100, 50])
  t.equal(new Set([...rows(page.text), ...rows(rest.text)]).size, 150)
  t.equal((await manager.get(`${list}/export`)).text.split('\r\n').length, 152)
})
