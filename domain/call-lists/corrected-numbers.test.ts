import t from 'tap'
import { requestCall } from '../calls/outgoing/request.ts'
import { endCall } from '../calls/end.ts'
import { findContactByNumber } from '../contacts/contacts.ts'
import { changeContactNumber } from '../contacts/edit-numbers.ts'
import { inTransaction } from '../database/transaction.ts'
import { addTask, listTasks } from '../tasks/tasks.ts'
import { wholeTenant } from '../calls/history/visibility.ts'
import { busy, calls, entryOf, minute, leadWith, next, leadNumber, withList, worker } from '../testing/call-lists.ts'
import { testDatabase } from '../testing/database.ts'
import type { Scene } from '../testing/scene.ts'
import { asks, moment, second } from '../testing/steps.ts'
import { findHeldEntry } from './entries/entries.ts'

const db = await testDatabase(t)

/** Corrects a lead's number. */
async function moves({ tenantId }: Scene, from: string, to: string, at: Date): Promise<string> {
  const contact = await findContactByNumber(db, tenantId, from)
  if (!contact) throw new Error(`no lead has ${from}`)
  return (await inTransaction(db, (trx) => changeContactNumber(trx, tenantId, contact.id, from, { e164: to, label: '' }, at))).outcome
}

t.test('a lead that gets another number keeps its places in lists and its callbacks', async (t) => {
  const { company, listId } = await withList(db, 1)
  const other = await withList(db, 0)
  const [old, corrected] = [leadNumber(0), '+5511987659999']
  const { tenantId, ana } = company
  for (const each of [company, other.company])
    await inTransaction(db, (trx) => addTask(trx, each.tenantId, { kind: 'callback', e164: old, dueAt: minute(5) }, second(0)))
  await inTransaction(db, (trx) => addTask(trx, tenantId, { kind: 'missed', e164: old, dueAt: minute(1) }, second(0)))
  t.equal(await next(db, company, ana, listId, second(0)), old)
  t.equal(await moves(company, old, corrected, second(1)), 'done')
  t.equal(
    (await findHeldEntry(db, worker(company, ana), listId, second(2)))?.e164,
    corrected,
    'the agent who holds the lead sees the new number',
  )
  t.match(await calls(db, company, ana, listId, second(2), busy), /^[0-9a-f]{32}$/)
  t.match(await entryOf(db, company, listId, corrected), { reason: 'busy', attempts: 1 })
  t.match(await listTasks(db, wholeTenant(tenantId)), [
    { kind: 'missed', e164: old },
    { kind: 'callback', e164: corrected },
  ])
  t.match(await listTasks(db, wholeTenant(other.company.tenantId)), [{ e164: old }], 'another company keeps its own')
})

t.test('a lead whose number is corrected during a call from a list keeps what came of the call', async (t) => {
  const { company, listId } = await withList(db, 1)
  const old = await next(db, company, company.ana, listId, second(0))
  const call = await requestCall(db, company.tenantId, company.ana.agentId, await leadWith(db, company, old, listId), second(1))
  if (call.outcome === 'refused') throw new Error(call.reason)
  await asks(db, company.ana, call.callId, second(1))
  t.equal(await moves(company, old, '+5511987659998', second(2)), 'done')
  await endCall(db, { callId: call.callId, uniqueId: '1.1', leadEnded: false, agentCause: 16, ...busy }, moment(3))
  t.match(await entryOf(db, company, listId, '+5511987659998'), { reason: 'busy', attempts: 1 })
})
