import t from 'tap'
import { listDispositions } from '../../../domain/calls/wrap-up/dispositions.ts'
import { scene } from '../../../domain/testing/scene.ts'
import { clicks, talks } from '../../testing/calls.ts'
import { site } from '../../testing/site.ts'

const web = await site(t)
const json = { Accept: 'application/json' }

t.test('after the call: an outcome of the company’s and a note, in the panel and on the page, and a callback', async (t) => {
  const sol = await scene(web.db)
  const callId = await clicks(web.db, sol, sol.ana)
  await talks(web.db, sol.ana, callId)
  const ana = await web.signedIn(sol.ana)
  const panel = await ana.fragment(`/calls/${callId}/wrap-up`, 'div#phone-wrap-up')
  for (const label of ['Interessado', 'Venda fechada', 'Caixa postal', 'Agendar retorno']) t.match(panel.text, label)
  const [interested] = await listDispositions(web.db, sol.tenantId)
  const words = { disposition: String(interested?.id), note: 'Quer <b>proposta</b>\r\naté sexta' }
  const saved = await ana.post(`/calls/${callId}/wrap-up`, { ...words, revision: '0' }, json)
  t.same(JSON.parse(saved.text), { revision: 1 })
  const page = await ana.get(`/calls/${callId}`)
  t.match(page.text, 'Quer &lt;b&gt;proposta&lt;/b&gt;\naté sexta</textarea>')
  t.match(page.text, `value="${interested?.id}" checked`)

  const stale = await ana.post(`/calls/${callId}/wrap-up`, { ...words, note: 'outra aba', revision: '0' }, json)
  t.equal(stale.status, 409)
  t.same(JSON.parse(stale.text), { revision: 1, note: 'Quer <b>proposta</b>\naté sexta' })
  t.equal((await ana.post(`/calls/${callId}/wrap-up`, { ...words, note: 'ç'.repeat(10_000), revision: '1' })).status, 303, 'by its button')

  await ana.post(`/calls/${callId}/wrap-up`, { ...words, revision: '2' }, json)
  const wrong = await ana.post(`/calls/${callId}/callbacks`, { when: 'at', at: '2020-01-01T09:00', place: 'page' })
  t.equal(wrong.status, 422)
  t.match(wrong.text, 'Escolha uma data e uma hora no futuro.')
  t.match((await ana.post(`/calls/${callId}/callbacks`, { when: '1h' })).text, 'Retorno agendado: Maria Souza')
  t.match((await ana.get('/tasks')).text, 'Quer &lt;b&gt;proposta&lt;/b&gt;')
})

t.test('a reloaded page shows the agent’s own last call for five minutes, with its note', async (t) => {
  const sol = await scene(web.db)
  const callId = await clicks(web.db, sol, sol.ana)
  await talks(web.db, sol.ana, callId)
  const [ana, bruno] = [await web.signedIn(sol.ana), await web.signedIn(sol.bruno)]
  await ana.post(`/calls/${callId}/wrap-up`, { disposition: '', note: 'Ligar na sexta', revision: '0' }, json)
  const { text } = await ana.get('/contacts')
  t.match(text, `data-current-call="${callId}"`)
  t.match(text, /data-wrap-up="[0-9a-f]{32}"[^]*Ligar na sexta<\/textarea>/)
  t.notMatch((await bruno.get('/contacts')).text, 'data-wrap-up')
  await web.db
    .updateTable('calls')
    .set({ ended_at: new Date(Date.now() - 6 * 60_000) })
    .where('id', '=', callId)
    .execute()
  t.notMatch((await ana.get('/contacts')).text, 'data-wrap-up')
})

t.test('the list of outcomes is the manager’s: added, archived and offered again; a call keeps what it has', async (t) => {
  const sol = await scene(web.db)
  const callId = await clicks(web.db, sol, sol.ana)
  await talks(web.db, sol.ana, callId)
  const marcia = await web.signedIn(sol.marcia)
  await marcia.get('/rules')
  t.equal((await marcia.post('/dispositions', { label: '  Voltou   a comprar ' })).status, 303)
  t.match((await marcia.get('/rules')).text, 'Resultado salvo: “Voltou a comprar”.')
  for (const [label, words] of [
    [' ', 'Informe um nome de até 40 caracteres.'],
    ['x'.repeat(41), 'Informe um nome de até 40 caracteres.'],
    ['Interessado', '“Interessado” já está na lista.'],
  ] as const) {
    const refused = await marcia.post('/dispositions', { label })
    t.equal(refused.status, 422)
    t.match(refused.text, words)
    t.match(refused.text, `value="${label}"`)
  }
  const [interested] = await listDispositions(web.db, sol.tenantId)
  const ana = await web.signedIn(sol.ana)
  await ana.post(`/calls/${callId}/wrap-up`, { disposition: String(interested?.id), note: '', revision: '0' })
  await marcia.post(`/dispositions/${interested?.id}/archive`)
  t.match((await marcia.get('/rules')).text, 'arquivado')
  t.match((await ana.get(`/calls/${callId}`)).text, 'Interessado')
  const next = await clicks(web.db, sol, sol.ana)
  t.notMatch((await ana.get(`/calls/${next}`)).text, 'Interessado')
  await marcia.post(`/dispositions/${interested?.id}/restoration`)
  t.match((await ana.get(`/calls/${next}`)).text, 'Interessado')
})
