import t from 'tap'
import { endCall } from '../calls/end.ts'
import { markAnswered } from '../calls/outgoing/answer.ts'
import { findNextNumber } from '../calls/outgoing/next-number.ts'
import { requestCall } from '../calls/outgoing/request.ts'
import { findCall } from '../calls/history/history.ts'
import { wholeTenant } from '../calls/history/visibility.ts'
import { barContact } from '../contacts/bar-contact.ts'
import { addDoNotCall } from '../policy/do-not-call.ts'
import { momentAt } from '../testing/clock.ts'
import { testDatabase } from '../testing/database.ts'
import { addLead, registers, scene } from '../testing/scene.ts'
import { asks, second } from '../testing/steps.ts'
import { claimNext } from './claim.ts'
import { findHeldEntry, listEntries } from './entries/entries.ts'
import { addCallList } from './lists.ts'

const db = await testDatabase(t)
const [mobile, office, home] = ['+5521987650001', '+552132100002', '+552132100003'] as const
const busy = { dialStatus: 'BUSY', sipCode: 486, q850: 17 }
const unknown = { dialStatus: 'CHANUNAVAIL', sipCode: 404, q850: 1 }
const ours = { dialStatus: 'CONGESTION', sipCode: 0, q850: 0 }
const answered = { dialStatus: 'ANSWER', sipCode: 200, q850: 16 }

/** A list with one lead, Bia, who has three numbers, and Ana, who works through it. */
async function withBia({ mostAttempts = 3 } = {}) {
  const company = await scene(db)
  const { tenantId, ana, marcia, maria } = company
  await db.deleteFrom('contacts').where('id', '=', maria.id).execute()
  const bia = await addLead(db, tenantId, 'Bia', [mobile, office, home])
  const list = await addCallList(db, tenantId, {}, { name: 'Feira', mostAttempts, waitMinutes: 60 }, marcia.userId, second(0))
  if (!list) throw new Error('Bia is a lead')
  await registers(db, ana, second(3600))
  const worker = { tenantId, agentId: ana.agentId }
  return {
    company,
    bia,
    bars: (...numbers: string[]) => addDoNotCall(db, tenantId, numbers, { reason: '', author: 'ana' }, second(0)),
    entry: async () => (await listEntries(db, tenantId, list.id))[0],
    /** The number that the list offers. */
    next: async (at: number) => {
      const claim = await claimNext(db, worker, list.id, second(at))
      return claim?.outcome === 'claimed' ? (await findHeldEntry(db, worker, list.id, second(at)))?.e164 : claim?.outcome
    },
    /** Ana calls Bia from the list. Returns the number that was called and the one that is offered next, or why there was no call. */
    calls: async (at: number, end: typeof busy, e164: string | null = null) => {
      const click = await requestCall(db, tenantId, ana.agentId, { id: bia, e164, listId: list.id }, second(at))
      if (click.outcome === 'refused') return click.reason
      await asks(db, ana, click.callId, second(at))
      if (end === answered) await markAnswered(db, click.callId, 'carrier-a', momentAt(second(at)))
      const agentCause = end === answered ? 16 : 0
      await endCall(db, { callId: click.callId, uniqueId: '1.1', leadEnded: false, agentCause, ...end }, momentAt(second(at + 10)))
      const call = await findCall(db, wholeTenant(tenantId), click.callId)
      return [call?.e164, call ? ((await findNextNumber(db, call))?.e164 ?? null) : 'no call']
    },
  }
}

t.test('a lead stands in a list once, and its numbers called one after the other are one attempt', async (t) => {
  const { next, calls, entry } = await withBia()
  t.equal(await next(0), mobile)
  t.same(await calls(1, busy), [mobile, office])
  t.match(await entry(), { state: 'waiting', reason: 'busy', attempts: 1 })
  t.equal(await calls(20, busy), 'not-on-the-list', 'the first number is not called again before its time')
  t.same(await calls(21, busy, office), [office, home])
  t.match(await entry(), { state: 'waiting', attempts: 1 })
  t.same(await calls(41, answered, home), [home, null])
  t.match(await entry(), { state: 'done', reason: 'answered', attempts: 1 })
})

t.test('the next number may be called even after the last attempt, and decides what becomes of the lead', async (t) => {
  const last = await withBia({ mostAttempts: 1 })
  await last.next(0)
  t.same(await last.calls(1, busy), [mobile, office])
  t.match(await last.entry(), { state: 'passed', reason: 'busy', attempts: 1 })
  t.same(await last.calls(21, ours, office), [office, home])
  t.match(await last.entry(), { state: 'passed', attempts: 1 })
  t.same(await last.calls(41, answered, home), [home, null])
  t.match(await last.entry(), { state: 'done', reason: 'answered' })
})

t.test('a first number that does not exist ends the lead, unless another of its numbers is called', async (t) => {
  const { next, calls, entry } = await withBia()
  await next(0)
  t.same(await calls(1, unknown), [mobile, office])
  t.match(await entry(), { state: 'done', reason: 'unknown-number', attempts: 0 })
  t.same(await calls(21, busy, office), [office, home])
  t.match(await entry(), { state: 'waiting', reason: 'busy', attempts: 1 })
  t.same(await calls(41, unknown, home), [home, null])
  t.match(await entry(), { state: 'waiting', attempts: 1 }, 'the second number is only busy')
})

t.test('a list offers the first number that is not barred, and passes over a person who is barred on all', async (t) => {
  const { company, bia, next, bars, entry } = await withBia()
  await bars(mobile)
  t.equal(await next(0), office)
  t.match(await entry(), { e164: office, do_not_call_at: null })
  await barContact(db, company.tenantId, bia, { reason: '', author: 'ana' }, second(1))
  t.equal(await next(2), 'empty')
  t.match(await entry(), { state: 'passed', reason: 'do-not-call', e164: mobile, do_not_call_at: second(1) })
})

t.test('a lead who talks on one number is not called on another from a list', async (t) => {
  const { company, bia, next } = await withBia()
  const { tenantId, bruno } = company
  await registers(db, bruno, second(3600))
  const call = await requestCall(db, tenantId, bruno.agentId, { id: bia, e164: home }, second(0))
  if (call.outcome === 'refused') return t.fail(call.reason)
  t.equal(await next(1), 'empty')
})

t.test('a barred number is never offered next, nor one that was called just before', async (t) => {
  const { next, calls, bars } = await withBia()
  await bars(office)
  await next(0)
  t.same(await calls(1, busy), [mobile, home])
  t.same(await calls(21, busy, home), [home, null], 'the mobile was tried already')
})
