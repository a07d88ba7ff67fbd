import t from 'tap'
import { addDoNotCall } from '../../domain/policy/do-not-call.ts'
import { announceDueTasks } from '../../domain/tasks/due-tasks.ts'
import { inTransaction } from '../../domain/database/transaction.ts'
import { addTask, type NewTask } from '../../domain/tasks/tasks.ts'
import { registers, scene, type Scene } from '../../domain/testing/scene.ts'
import { clicks, talks } from '../testing/calls.ts'
import { listens } from '../testing/event-stream.ts'
import { site } from '../testing/site.ts'

const web = await site(t)
const add = async ({ tenantId }: Scene, task: NewTask) => inTransaction(web.db, (trx) => addTask(trx, tenantId, task, new Date()))
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000)
const taskOf = (id: number) => web.db.selectFrom('tasks').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

t.test('the page shows the calls due now and later, each with a call button, and the navigation shows the count', async (t) => {
  const sol = await scene(web.db)
  await registers(web.db, sol.ana)
  const missed = await add(sol, { kind: 'missed', e164: '+5511987650001', dueAt: inMinutes(-5) })
  await add(sol, { kind: 'missed', e164: '+5511987650001', dueAt: inMinutes(-2) })
  await add(sol, { kind: 'callback', e164: sol.maria.e164, agentId: sol.ana.agentId, dueAt: inMinutes(24 * 60), note: 'Pediu <proposta>' })
  await add(sol, { kind: 'callback', e164: sol.maria.e164, agentId: sol.bruno.agentId, dueAt: inMinutes(-1) })
  const ana = await web.signedIn(sol.ana)
  const { text } = await ana.get('/tasks')
  t.match(text, /class="count">1</, 'Ana does not see Bruno’s task')
  t.match(text, '2 ligações perdidas')
  t.match(text, /Mais tarde[\s\S]*Maria Souza[\s\S]*Pediu &lt;proposta&gt;[\s\S]*amanhã/)
  t.match((await (await web.signedIn(sol.marcia)).get('/tasks')).text, /class="count">2</)

  const call = await ana.post(`/tasks/${missed.id}/calls`)
  t.equal(call.status, 201)
  t.match(
    await web.db
      .selectFrom('calls')
      .selectAll()
      .where('id', '=', call.headers.get('x-call-id') ?? '')
      .executeTakeFirst(),
    {
      e164: '+5511987650001',
      contact_id: null,
      agent_id: sol.ana.agentId,
    },
  )
})

t.test('one click finishes a task, another reopens it, and a task can be postponed to a future time', async (t) => {
  const sol = await scene(web.db)
  const { id } = await add(sol, { kind: 'missed', e164: sol.maria.e164, dueAt: inMinutes(-5) })
  const ana = await web.signedIn(sol.ana)
  await ana.get('/tasks')
  const referer = { Referer: `${web.origin}/tasks` }
  t.equal((await ana.post(`/tasks/${id}/completion`, {}, referer)).headers.get('location'), '/tasks')
  const done = await ana.get('/tasks')
  t.match(done.text, 'Tarefa concluída: Maria Souza.')
  t.match(done.text, `action="/tasks/${id}/reopening"`)
  t.match(done.text, 'Nada para fazer agora')
  t.match(await taskOf(id), { done_by: sol.ana.userId, done_how: 'hand' })
  await ana.post(`/tasks/${id}/reopening`, {}, referer)
  t.match((await ana.get('/tasks')).text, 'Tarefa reaberta: Maria Souza.')
  const bruno = await web.signedIn(sol.bruno)
  await bruno.post(`/tasks/${id}/completion`, {}, referer)
  await ana.post(`/tasks/${id}/reopening`, {}, referer)
  t.match((await ana.get('/tasks')).text, 'Outra pessoa ou uma ligação já concluiu esta tarefa: Maria Souza. Ela continua concluída.')
  t.match(await taskOf(id), { done_by: sol.bruno.userId })
  await bruno.post(`/tasks/${id}/reopening`, {}, referer)

  const before = Date.now()
  await ana.post(`/tasks/${id}/postponement`, { when: '15m' }, referer)
  t.ok(Math.abs((await taskOf(id)).due_at.getTime() - before - 15 * 60_000) < 5000)
  t.match((await ana.get('/tasks')).text, /Tarefa adiada: Maria Souza, (hoje|amanhã), \d\d:\d\d\./)
  for (const at of ['2020-01-01T09:00', '', '2026-13-45T99:99']) {
    const wrong = await ana.post(`/tasks/${id}/postponement`, { when: 'at', at }, referer)
    t.equal(wrong.status, 422, at)
    t.match(wrong.text, 'Escolha uma data e uma hora no futuro.')
    t.match(wrong.text, `value="${at}" aria-invalid="true"`)
  }
  const year = new Date(Date.now() + 200 * 86_400_000).getUTCFullYear()
  await ana.post(
    `/tasks/${id}/postponement`,
    { when: 'at', at: `${new Date(Date.now() + 200 * 86_400_000).toISOString().slice(0, 10)}T09:30` },
    referer,
  )
  const { due_at } = await taskOf(id)
  t.match(due_at.toISOString(), new RegExp(`^${year}.*T12:30`), 'by the company’s clocks')
})

t.test('when a callback is due, the open pages of its agent show it, and no others', async (t) => {
  const [sol, lua] = [await scene(web.db), await scene(web.db)]
  await announceDueTasks(web.db, new Date())
  const ana = await listens(t, await web.signedIn(sol.ana))
  const bruno = await listens(t, await web.signedIn(sol.bruno))
  const stranger = await listens(t, await web.signedIn(lua.ana))
  await add(sol, { kind: 'callback', e164: sol.maria.e164, agentId: sol.ana.agentId, dueAt: inMinutes(0), note: 'Falar do contrato' })
  await ana.hears(({ event, data }) => event === 'tasks' && data['notice'] === null)
  t.equal(await announceDueTasks(web.db, new Date()), 1)
  t.equal(await announceDueTasks(web.db, new Date()), 0, 'announced once')
  const { data } = await ana.hears(({ event, data }) => event === 'tasks' && data['notice'] !== null)
  t.match(data['notice'], /Hora do retorno[\s\S]*Maria Souza[\s\S]*Falar do contrato/)
  t.match(data['count'], '>1<')
  await bruno.hears(({ event }) => event === 'tasks')
  t.notOk(bruno.events.some(({ data }) => data['notice']))
  t.notOk(stranger.events.some(({ event }) => event === 'tasks'))
})

t.test('a talk finishes the due tasks; a do-not-call number has no call button here either', async (t) => {
  const sol = await scene(web.db)
  await add(sol, { kind: 'missed', e164: sol.maria.e164, dueAt: inMinutes(-5) })
  const { id } = await add(sol, { kind: 'missed', e164: '+5511987650001', dueAt: inMinutes(-5) })
  await talks(web.db, sol.ana, await clicks(web.db, sol, sol.ana))
  const ana = await web.signedIn(sol.ana)
  t.notMatch((await ana.fragment('/tasks', 'div#tasks')).text, 'Maria Souza')
  await addDoNotCall(web.db, sol.tenantId, ['+5511987650001'], { reason: '', author: 'test' }, new Date())
  t.match((await ana.get('/tasks')).text, 'data-locked="Esse contato pediu para não receber ligações."')
  t.equal((await ana.post(`/tasks/${id}/calls`)).headers.get('x-refusal'), 'do-not-call')
})
