import t from 'tap'
import { requestCall } from '../calls/outgoing/request.ts'
import { endCall } from '../calls/end.ts'
import { listTasks } from '../tasks/tasks.ts'
import { agentViewer } from '../calls/history/visibility.ts'
import {
  agentIsGone,
  busy,
  calls,
  entryOf,
  minute,
  leadWith,
  next,
  noAnswer,
  leadNumber,
  unknown,
  withList,
  worker,
} from '../testing/call-lists.ts'
import { testDatabase } from '../testing/database.ts'
import { scene } from '../testing/scene.ts'
import { moment, second } from '../testing/steps.ts'
import { claimNext } from './claim.ts'
import { countByAgent, countReasons, findHeldEntry, listEntries } from './entries/entries.ts'
import {
  addCallList,
  changeCallList,
  closeCallList,
  countLeads,
  findCallList,
  findListProgress,
  listCallLists,
  removeCallList,
  reopenCallList,
} from './lists.ts'
import { callBackLater, mostSkips, skipEntry } from './entries/skip.ts'

const db = await testDatabase(t)

t.test('a reached lead is done, an unanswered one returns after the waiting time, up to the limit', async (t) => {
  const { company, listId } = await withList(db, 3, { mostAttempts: 2 })
  const [a, b, c, maria] = [leadNumber(0), leadNumber(1), leadNumber(2), company.maria.e164]
  t.equal(await next(db, company, company.ana, listId, second(0)), a)
  await calls(db, company, company.ana, listId, second(0), busy)
  t.match(await entryOf(db, company, listId, a), { state: 'waiting', reason: 'busy', attempts: 1, due_at: minute(60) })
  t.ok(await findHeldEntry(db, worker(company, company.ana), listId, second(1)), 'she is still busy with it')
  t.equal(
    await calls(db, company, company.ana, listId, second(1), busy),
    'not-on-the-list',
    'it is not given again before its waiting time ends',
  )

  t.equal(await next(db, company, company.ana, listId, second(2)), b)
  await calls(db, company, company.ana, listId, second(2), unknown)
  t.match(await entryOf(db, company, listId, b), { state: 'done', reason: 'unknown-number' })

  t.equal(await next(db, company, company.ana, listId, second(3)), c)
  const talk = await requestCall(db, company.tenantId, company.ana.agentId, await leadWith(db, company, c, listId), second(3))
  if (talk.outcome === 'refused') throw new Error(talk.reason)
  await db
    .updateTable('calls')
    .set({ state: 'answered', answered_at: second(4) })
    .where('id', '=', talk.callId)
    .execute()
  await endCall(
    db,
    { callId: talk.callId, uniqueId: '1.1', leadEnded: true, agentCause: 16, dialStatus: 'ANSWER', sipCode: 200, q850: 16 },
    moment(40),
  )
  t.match(await entryOf(db, company, listId, c), { state: 'done', reason: 'answered' })

  t.equal(await next(db, company, company.ana, listId, second(41)), maria)
  t.equal(
    (await requestCall(db, company.tenantId, company.ana.agentId, await leadWith(db, company, maria, listId), second(41))).outcome,
    'requested',
  )
  const cancelled = await db.selectFrom('calls').selectAll().where('open_agent_id', '=', company.ana.agentId).executeTakeFirstOrThrow()
  await endCall(db, { callId: cancelled.id, uniqueId: '1.1', leadEnded: false, agentCause: 16, ...agentIsGone }, moment(42))
  t.match(await entryOf(db, company, listId, maria), { state: 'waiting', reason: null, attempts: 0 }, 'no lead was dialled')
  t.equal(await next(db, company, company.ana, listId, second(43)), maria)
  await calls(db, company, company.ana, listId, second(43), noAnswer)
  t.same(await claimNext(db, worker(company, company.ana), listId, second(44)), { outcome: 'empty', dueAt: minute(60) })

  t.equal(await next(db, company, company.bruno, listId, minute(60)), a, 'an hour later')
  await calls(db, company, company.bruno, listId, minute(60), noAnswer)
  t.match(await entryOf(db, company, listId, a), { state: 'passed', reason: 'no-answer', attempts: 2 })
  t.match(await findListProgress(db, company.tenantId, listId), { waiting: 1, done: 2, passed: 1 })
  t.same(
    (await countByAgent(db, company.tenantId, listId)).map(({ name, calls, answered }) => [name, calls, answered]),
    [
      ['Ana Ribeiro', 5, 1],
      ['Bruno Castro', 1, 0],
    ],
  )
  t.match(await countReasons(db, company.tenantId, listId), [
    { state: 'waiting', reason: 'no-answer', count: 1 },
    { state: 'done', reason: 'answered', count: 1 },
    { state: 'done', reason: 'unknown-number', count: 1 },
    { state: 'passed', reason: 'no-answer', count: 1 },
  ])
})

t.test('a lead skipped three times is passed over, and a postponed lead becomes a task', async (t) => {
  const { company, listId } = await withList(db, 1)
  const [ana, bruno] = [worker(company, company.ana), worker(company, company.bruno)]
  const [first, second_] = [leadNumber(0), company.maria.e164]
  for (let turn = 0; turn < mostSkips; turn++) {
    t.equal(await next(db, company, company.ana, listId, second(10 + 2 * turn)), first, `turn ${turn}`)
    const { id } = await entryOf(db, company, listId, first)
    t.equal(await skipEntry(db, bruno, id, second(10 + 2 * turn)), null, 'Bruno does not hold it')
    t.equal(await skipEntry(db, ana, id, second(10 + 2 * turn)), 'to the end')
    t.equal(await next(db, company, company.ana, listId, second(11 + 2 * turn)), second_)
    const other = await entryOf(db, company, listId, second_)
    await skipEntry(db, ana, other.id, second(11 + 2 * turn))
  }
  t.equal(await next(db, company, company.ana, listId, second(20)), first)
  t.equal(await skipEntry(db, ana, (await entryOf(db, company, listId, first)).id, second(20)), 'passed over')
  t.match(await entryOf(db, company, listId, first), { state: 'passed', reason: 'skipped' })

  t.equal(await next(db, company, company.ana, listId, second(21)), second_)
  const { id } = await entryOf(db, company, listId, second_)
  const when = { dueAt: minute(90), userId: company.ana.userId }
  t.notOk(await callBackLater(db, bruno, id, when, second(21)))
  t.ok(await callBackLater(db, ana, id, when, second(22)))
  t.notOk(await callBackLater(db, ana, id, when, second(23)), 'once')
  t.match(await entryOf(db, company, listId, second_), { state: 'done', reason: 'callback' })
  t.match(await listTasks(db, agentViewer(company.tenantId, company.ana.agentId)), [{ e164: second_, due_at: minute(90) }])
  t.equal(await next(db, company, company.ana, listId, second(24)), 'empty')
})

t.test('a list belongs to one company; closed, it gives out no leads; used, it cannot be deleted', async (t) => {
  const { company: sol, listId } = await withList(db, 1)
  const lua = await scene(db)
  t.equal(await countLeads(db, sol.tenantId, { search: 'Maria' }), 1)
  t.equal(
    await addCallList(db, sol.tenantId, { tag: 'none' }, { name: 'x', mostAttempts: 1, waitMinutes: 1 }, sol.marcia.userId, second(0)),
    null,
  )
  t.equal((await listCallLists(db, sol.tenantId)).length, 1, 'an empty list is not created')
  t.equal(await findCallList(db, lua.tenantId, listId), null)
  t.equal(await claimNext(db, worker(lua, lua.ana), listId, second(0)), null)
  t.same(await listEntries(db, lua.tenantId, listId), [])
  await changeCallList(db, lua.tenantId, listId, { name: 'Minha', mostAttempts: 1, waitMinutes: 1 })
  await closeCallList(db, lua.tenantId, listId, second(0))
  t.notOk(await removeCallList(db, lua.tenantId, listId))
  t.match(await findCallList(db, sol.tenantId, listId), { name: 'Feira', closed_at: null })

  t.equal(await next(db, sol, sol.ana, listId, second(0)), leadNumber(0))
  t.ok(await closeCallList(db, sol.tenantId, listId, second(1)))
  t.notOk(await closeCallList(db, sol.tenantId, listId, second(2)), 'closed once')
  t.equal(await calls(db, sol, sol.ana, listId, second(2), busy), 'not-on-the-list')
  t.equal(await next(db, sol, sol.bruno, listId, second(2)), 'closed')
  t.notOk(await reopenCallList(db, sol.tenantId, listId, second(0)), 'an earlier closing is not this one')
  t.notOk(await reopenCallList(db, lua.tenantId, listId))
  for (const click of ['first', 'second']) t.ok(await reopenCallList(db, sol.tenantId, listId, second(1)), click)
  await calls(db, sol, sol.ana, listId, second(3), busy)
  t.notOk(await removeCallList(db, sol.tenantId, listId), 'its calls name it')
  const unused = await addCallList(db, sol.tenantId, {}, { name: 'y', mostAttempts: 1, waitMinutes: 1 }, sol.marcia.userId, second(4))
  t.ok(await removeCallList(db, sol.tenantId, unused?.id ?? 0))
  t.same(await listEntries(db, sol.tenantId, unused?.id ?? 0), [])
})
