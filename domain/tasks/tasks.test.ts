import t from 'tap'
import { inTransaction } from '../database/transaction.ts'
import { addTask, countDueTasks, finishTask, finishTasksOfNumber, listTasks, postponeTask, reopenTask, type NewTask } from './tasks.ts'
import { agentViewer, wholeTenant } from '../calls/history/visibility.ts'
import { testDatabase } from '../testing/database.ts'
import { scene, type Scene } from '../testing/scene.ts'
import { second } from '../testing/steps.ts'

const db = await testDatabase(t, { connections: 20 })
const add = (tenantId: number, task: NewTask, at = second(0)) => inTransaction(db, (trx) => addTask(trx, tenantId, task, at))
const missed = { kind: 'missed', e164: '+5511987650001', dueAt: second(0) } as const
const manager = ({ tenantId }: Scene) => wholeTenant(tenantId)
const only = ({ tenantId }: Scene, { agentId }: { agentId: number }) => agentViewer(tenantId, agentId)

t.test('a second missed call from a number updates its open task: the count rises and it is due again', async (t) => {
  const sol = await scene(db)
  const first = await add(sol.tenantId, missed)
  t.equal(first.outcome, 'added')
  await postponeTask(db, manager(sol), first.id, second(3600), second(1))
  const again = await add(sol.tenantId, { ...missed, dueAt: second(60) }, second(60))
  t.same(again, { outcome: 'counted', id: first.id })
  t.match(await listTasks(db, manager(sol)), [{ id: first.id, missed_calls: 2, due_at: second(60) }])
  await finishTask(db, manager(sol), first.id, sol.marcia.userId, second(70))
  t.equal((await add(sol.tenantId, { ...missed, dueAt: second(80) }, second(80))).outcome, 'added', 'a done task is not reopened')
  const reopened = await reopenTask(db, manager(sol), first.id, sol.marcia.userId, second(90))
  t.equal(reopened, 'superseded', 'undo is refused, because there would be two')
  t.equal((await listTasks(db, manager(sol))).length, 1)
})

t.test('simultaneous missed calls from one number make one task', async (t) => {
  const sol = await scene(db)
  const outcomes = await Promise.all(Array.from({ length: 12 }, () => add(sol.tenantId, missed)))
  t.equal(outcomes.filter(({ outcome }) => outcome === 'added').length, 1)
  t.match(await listTasks(db, manager(sol)), [{ missed_calls: 12 }])
})

t.test(
  'an agent sees their own and unassigned tasks, a manager all of the company’s, another company none; due tasks are counted',
  async (t) => {
    const [sol, lua] = [await scene(db), await scene(db)]
    const callback = (agentId: number | null, dueAt: Date) => add(sol.tenantId, { kind: 'callback', e164: sol.maria.e164, agentId, dueAt })
    const [anas] = [
      await callback(sol.ana.agentId, second(10)),
      await callback(sol.bruno.agentId, second(20)),
      await callback(null, second(30)),
    ]
    t.match(await listTasks(db, only(sol, sol.ana)), [{ agent_name: 'Ana Ribeiro', contact_name: 'Maria Souza' }, { agent_name: null }])
    t.equal((await listTasks(db, manager(sol))).length, 3)
    t.equal((await listTasks(db, manager(lua))).length, 0)
    t.equal(await countDueTasks(db, only(sol, sol.ana), second(9)), 0)
    t.equal(await countDueTasks(db, only(sol, sol.ana), second(10)), 1)
    t.equal(await countDueTasks(db, manager(sol), second(20)), 2)
    for (const stranger of [only(sol, sol.bruno), manager(lua), only(lua, lua.ana)]) {
      t.notOk(await finishTask(db, stranger, anas.id, lua.ana.userId, second(40)))
      t.notOk(await postponeTask(db, stranger, anas.id, second(99), second(40)))
    }
    t.ok(await finishTask(db, only(sol, sol.ana), anas.id, sol.ana.userId, second(40)))
    t.notOk(await finishTask(db, only(sol, sol.ana), anas.id, sol.ana.userId, second(41)), 'done once')
    const reopens = (viewer: ReturnType<typeof manager>, { userId }: { userId: number }) =>
      reopenTask(db, viewer, anas.id, userId, second(42))
    t.equal(await reopens(manager(lua), sol.ana), 'gone')
    t.equal(await reopens(manager(sol), sol.marcia), 'finished-since', 'only the user who finished it takes that back')
    t.equal((await listTasks(db, only(sol, sol.ana))).length, 1)
    for (const click of ['first', 'second']) t.equal(await reopens(only(sol, sol.ana), sol.ana), 'reopened', click)
    t.match(await listTasks(db, only(sol, sol.ana)), [{ id: anas.id, done_by: null }, {}], 'undone')
  },
)

t.test('an undo does not reopen a task that a call has finished since', async (t) => {
  const { tenantId, ana, maria } = await scene(db)
  const { id } = await add(tenantId, { kind: 'callback', e164: maria.e164, dueAt: second(0) })
  const viewer = wholeTenant(tenantId)
  const reopens = () => reopenTask(db, viewer, id, ana.userId, second(3))
  await finishTask(db, viewer, id, ana.userId, second(1))
  t.equal(await reopens(), 'reopened')
  await inTransaction(db, (trx) => finishTasksOfNumber(trx, tenantId, { e164: maria.e164, contactId: maria.id }, ana.agentId, second(2)))
  t.equal(await reopens(), 'finished-since')
  t.same(await listTasks(db, viewer), [])
})

t.test('talking to a lead finishes its due tasks, but not the later ones', async (t) => {
  const sol = await scene(db)
  const { e164 } = sol.maria
  await add(sol.tenantId, { kind: 'missed', e164, dueAt: second(0) })
  await add(sol.tenantId, { kind: 'callback', e164, dueAt: second(10) })
  await add(sol.tenantId, { kind: 'callback', e164, dueAt: second(3600) })
  await add(sol.tenantId, missed)
  await inTransaction(db, (trx) => finishTasksOfNumber(trx, sol.tenantId, { e164, contactId: sol.maria.id }, sol.ana.agentId, second(60)))
  t.same(
    (await listTasks(db, manager(sol))).map((task) => [task.e164, task.due_at]),
    [
      [missed.e164, second(0)],
      [e164, second(3600)],
    ],
  )
})
