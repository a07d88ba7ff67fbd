import t from 'tap'
import { addContactNumber } from '../contacts/edit-numbers.ts'
import { inTransaction } from '../database/transaction.ts'
import { addDoNotCall } from '../policy/do-not-call.ts'
import { addTask, listTasks } from '../tasks/tasks.ts'
import { callsIn } from '../testing/incoming.ts'
import { testDatabase } from '../testing/database.ts'
import { addLead, registers, scene } from '../testing/scene.ts'
import { asks, hangsUp, moment, second } from '../testing/steps.ts'
import { listContactCalls } from './history/contact-history.ts'
import { agentViewer, wholeTenant } from './history/visibility.ts'
import { markAnswered } from './outgoing/answer.ts'
import { requestCall } from './outgoing/request.ts'
import { findLastNote } from './wrap-up/last-note.ts'
import { saveWrapUp } from './wrap-up/wrap-up.ts'

const db = await testDatabase(t)
const office = '+551132100002'

/** Maria has a second number at work, and Ana and Bruno are at their phones. */
async function withOffice() {
  const sol = await scene(db)
  await inTransaction(db, (trx) => addContactNumber(trx, sol.tenantId, sol.maria.id, { e164: office, label: 'Comercial' }, second(0)))
  for (const agent of [sol.ana, sol.bruno]) await registers(db, agent, second(3600))
  const clicks = (target: Parameters<typeof requestCall>[3]) => requestCall(db, sol.tenantId, sol.ana.agentId, target, second(0))
  return { sol, clicks, call: (id: string) => db.selectFrom('calls').selectAll().where('id', '=', id).executeTakeFirstOrThrow() }
}

t.test('a click dials a number of its lead, or none', async (t) => {
  const { sol, clicks, call } = await withOffice()
  const stranger = await addLead(db, sol.tenantId, 'Rui', ['+5511981112222'])
  const other = await scene(db)
  for (const e164 of ['+5511981112222', '+5511999999999', '', '190', `${office};x=1`]) {
    t.match(await clicks({ id: sol.maria.id, e164 }), { outcome: 'refused', reason: 'not-their-number', e164 })
  }
  t.match(await clicks({ id: other.maria.id }), { outcome: 'refused', reason: 'no-such-lead' })
  t.match(await clicks({ id: other.maria.id, e164: other.maria.e164 }), { reason: 'no-such-lead' })
  t.match(await clicks({ id: stranger, e164: office }), { reason: 'not-their-number' })
  await addDoNotCall(db, sol.tenantId, [sol.maria.e164], { reason: '', author: 'ana' }, second(0))
  t.match(await clicks({ id: sol.maria.id, e164: sol.maria.e164 }), { reason: 'do-not-call', e164: sol.maria.e164 })
  const placed = await clicks({ id: sol.maria.id })
  if (placed.outcome === 'refused') return t.fail(placed.reason)
  t.match(await call(placed.callId), { e164: office, contact_id: sol.maria.id })
})

t.test('a caller is known by any number, and rings the agent who last talked to the person on another', async (t) => {
  const { sol, clicks, call } = await withOffice()
  const placed = await clicks({ id: sol.maria.id })
  if (placed.outcome === 'refused') return t.fail(placed.reason)
  await asks(db, sol.ana, placed.callId, second(1))
  await markAnswered(db, placed.callId, 'carrier-a', moment(2))
  await saveWrapUp(
    db,
    wholeTenant(sol.tenantId),
    placed.callId,
    { dispositionId: null, note: 'Volta às 15h', revision: 0 },
    sol.ana.userId,
    second(3),
  )
  await hangsUp(db, placed.callId, second(20))
  const incoming = await callsIn(db, sol, second(30), { caller: office })
  t.match(incoming, { verdict: 'ring', stage: 'last', endpoints: [sol.ana.endpoint] })
  t.match(await call(incoming.callId), { contact_id: sol.maria.id, e164: office })
  t.match(await findLastNote(db, agentViewer(sol.tenantId, sol.ana.agentId), office), { note: 'Volta às 15h' })
  const history = await listContactCalls(db, wholeTenant(sol.tenantId), { numbers: [sol.maria.e164, office], contactId: sol.maria.id })
  t.same(
    history.map(({ e164 }) => e164),
    [office, sol.maria.e164],
    'the history shows the number of each call',
  )
})

t.test('a talk on one number finishes the due tasks of all numbers of the lead, and of no other lead', async (t) => {
  const { sol, clicks } = await withOffice()
  await addLead(db, sol.tenantId, 'Rui', ['+5511981112222'])
  const task = (e164: string, at: number) =>
    inTransaction(db, (trx) => addTask(trx, sol.tenantId, { kind: 'callback', e164, dueAt: second(at) }, second(0)))
  await task(office, 0)
  await task(sol.maria.e164, 0)
  await task('+5511981112222', 0)
  await task(office, 3600)
  const placed = await clicks({ id: sol.maria.id })
  if (placed.outcome === 'refused') return t.fail(placed.reason)
  await asks(db, sol.ana, placed.callId, second(1))
  await markAnswered(db, placed.callId, 'carrier-a', moment(2))
  await hangsUp(db, placed.callId, second(20))
  t.same(
    (await listTasks(db, wholeTenant(sol.tenantId))).map(({ e164, contact_name }) => [e164, contact_name]),
    [
      ['+5511981112222', 'Rui'],
      [office, 'Maria Souza'],
    ],
  )
})
