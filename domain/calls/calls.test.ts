import t from 'tap'
import { inTransaction } from '../database/transaction.ts'
import { topUp } from '../balance/ledger.ts'
import { lockTenant } from '../tenants/tenants.ts'
import { testDatabase } from '../testing/database.ts'
import { registers, scene } from '../testing/scene.ts'
import { asks, books, clicks, hangsUp, moment, second } from '../testing/steps.ts'
import { markAnswered } from './outgoing/answer.ts'
import { endCall } from './end.ts'
import { failRequest, findOverdueCalls, findWaitingRequests, markCutFromOutside, settleLostCall } from './reconcile/unreported-calls.ts'
import { renewLease } from './outgoing/renew-lease.ts'
import { requestCall } from './outgoing/request.ts'
import { markUnreachable } from './outgoing/agent-unreachable.ts'
import { momentAt } from '../testing/clock.ts'

const db = await testDatabase(t, { connections: 20 })
const paid = { reason: 'paid', author: 'test' }
const find = (id: string) => db.selectFrom('calls').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const eventsOf = async (id: string) =>
  (await db.selectFrom('call_events').select('kind').where('call_id', '=', id).orderBy('id').execute()).map((event) => event.kind)

t.test('a call from the click to the bill', async (t) => {
  const sol = await scene(db, { balanceSeconds: 600 })
  await registers(db, sol.ana, second(0))
  const id = await clicks(db, sol, sol.ana, second(0))
  t.match(id, /^[0-9a-f]{32}$/)
  const answer = await asks(db, sol.ana, id, second(1))
  t.match(answer, {
    verdict: 'allowed',
    callId: id,
    attempts: ['carrier-a', 'carrier-b'].map((trunk) => ({ trunk, number: '5511987654301' })),
    recordingName: id,
    limitMs: 7_200_000,
  })
  t.same(await books(db, sol.tenantId), { balance: 600, held: 120, ledger: 600, leases: 120 }, 'two minutes are reserved while it rings')
  t.ok((await markAnswered(db, id, 'carrier-a', moment(9))).metered)
  await hangsUp(db, id, second(49.2), { leadEnded: true })
  t.match(await find(id), {
    state: 'ended',
    outcome: 'answered',
    hung_up_by: 'lead',
    talk_seconds: 41,
    billed_seconds: 42,
    trunk: 'carrier-a',
    open_agent_id: null,
  })
  t.same(await books(db, sol.tenantId), { balance: 558, held: 0, ledger: 558, leases: 0 })
  t.same(await eventsOf(id), ['requested', 'authorized', 'answered', 'ended'])
  t.match(await db.selectFrom('recordings').selectAll().where('call_id', '=', id).execute(), [{ state: 'pending' }])
})

t.test('a leg that breaks off counts as a network failure, on either side', async (t) => {
  const sol = await scene(db)
  for (const [report, hungUpBy] of [
    [{ leadEnded: true, q850: 44 }, 'network'],
    [{ leadEnded: false, agentCause: 44 }, 'network'],
    [{ leadEnded: false, agentCause: 18 }, 'network'],
    [{ leadEnded: false, agentCause: 38 }, 'network'],
    [{ leadEnded: true, q850: 102 }, 'network'],
    [{ leadEnded: true, q850: 16 }, 'lead'],
    [{ leadEnded: false, q850: 44 }, 'agent'],
  ] as const) {
    const { callId } = await asks(db, sol.ana, '', second(0), '11987654301')
    await markAnswered(db, callId, 'carrier-a', moment(1))
    await hangsUp(db, callId, second(20), report)
    t.match(await find(callId), { hung_up_by: hungUpBy }, JSON.stringify(report))
  }
})

t.test('an unanswered call is free, with any outcome', async (t) => {
  const sol = await scene(db)
  await registers(db, sol.ana, second(0))
  const ends = [
    [{ dialStatus: 'BUSY', sipCode: 486, q850: 17 }, 'busy'],
    [{ dialStatus: 'NOANSWER', sipCode: 0, q850: 0 }, 'no-answer'],
    [{ dialStatus: 'CANCEL', sipCode: 180, q850: 0 }, 'cancelled'],
    [{ dialStatus: 'CONGESTION', sipCode: 503, q850: 42 }, 'carrier-failure'],
  ] as const
  for (const [report, outcome] of ends) {
    const id = await clicks(db, sol, sol.ana, second(0))
    await asks(db, sol.ana, id, second(1))
    await endCall(db, { callId: id, uniqueId: '1.1', ...report, leadEnded: false, agentCause: 16 }, moment(40))
    t.match(await find(id), { state: 'ended', outcome, talk_seconds: 0, billed_seconds: 0 })
  }
  t.same(await books(db, sol.tenantId), { balance: 3600, held: 0, ledger: 3600, leases: 0 })
})

t.test('an answer that the server stored and the dialplan did not receive is our failure, and free', async (t) => {
  const sol = await scene(db)
  const report = { uniqueId: '1.1', sipCode: 200, q850: 16, leadEnded: false }
  const allowed = await asks(db, sol.ana, '', second(0), '11987654301')
  await endCall(db, { ...report, callId: allowed.callId, dialStatus: '', agentCause: 21 }, moment(4))
  t.match(await find(allowed.callId), { state: 'ended', outcome: 'our-failure', billed_seconds: 0 })
  const { callId } = await asks(db, sol.ana, '', second(10), '11987654301')
  await markAnswered(db, callId, 'carrier-a', moment(20))
  await endCall(db, { ...report, callId, dialStatus: 'UNMETERED', agentCause: 41 }, moment(26))
  t.match(await find(callId), { state: 'ended', outcome: 'our-failure', talk_seconds: 0, billed_seconds: 0, hung_up_by: null })
  await hangsUp(db, callId, second(40))
  t.match(await find(callId), { outcome: 'our-failure', talk_seconds: 0 }, 'an ended call does not change')
  t.same(await books(db, sol.tenantId), { balance: 3600, held: 0, ledger: 3600, leases: 0 })
})

t.test('a renewal reserves two minutes ahead, and at most the rest of the balance', async (t) => {
  const sol = await scene(db, { balanceSeconds: 210 })
  const { callId } = await asks(db, sol.ana, '', second(0), '11987654301')
  await markAnswered(db, callId, 'carrier-a', moment(10))
  t.match(await renewLease(db, callId, moment(10)), { endsInSeconds: null }, 'at the first tick two minutes are reserved')
  t.match(await renewLease(db, callId, moment(70)), { endsInSeconds: null })
  t.equal((await books(db, sol.tenantId)).held, 180)
  t.match(await renewLease(db, callId, moment(130)), { endsInSeconds: null }, '210 s cover 90 s more')
  t.match(await renewLease(db, callId, moment(190)), { endsInSeconds: 29 }, 'the balance lasts for less than a minute')
  t.ok((await eventsOf(callId)).includes('balance-ending'))
  await inTransaction(db, async (trx) => {
    await lockTenant(trx, sol.tenantId)
    await topUp(trx, sol.tenantId, 300, paid, second(200))
  })
  t.match(await renewLease(db, callId, moment(220)), { endsInSeconds: null }, 'a top-up in mid-call extends it')
  t.equal((await books(db, sol.tenantId)).held, 330)
  t.equal((await eventsOf(callId)).at(-1), 'extended', 'the page removes its warning')
})

t.test('a call that reaches the end of the balance is ended, and charged no more than it reserved', async (t) => {
  const sol = await scene(db, { balanceSeconds: 60 })
  const { callId } = await asks(db, sol.ana, '', second(0), '11987654301')
  await markAnswered(db, callId, 'carrier-a', moment(0))
  t.match(await renewLease(db, callId, moment(0)), { endsInSeconds: 59 }, 'a second before the lease runs out')
  t.match(await renewLease(db, callId, moment(59)), { endsInSeconds: 0 })
  await hangsUp(db, callId, second(59.5))
  t.match(await find(callId), { hung_up_by: 'balance', talk_seconds: 60, billed_seconds: 60 })
  t.same(await books(db, sol.tenantId), { balance: 0, held: 0, ledger: 0, leases: 0 })
})

t.test('a hang-up that is reported late, twice and in parallel is charged once', async (t) => {
  const sol = await scene(db)
  const { callId } = await asks(db, sol.ana, '', second(0), '11987654301')
  await markAnswered(db, callId, 'carrier-a', moment(0))
  await Promise.all(Array.from({ length: 8 }, () => hangsUp(db, callId, second(60))))
  await hangsUp(db, callId, second(600))
  t.same(await books(db, sol.tenantId), { balance: 3540, held: 0, ledger: 3540, leases: 0 })
  t.equal((await eventsOf(callId)).filter((kind) => kind === 'ended').length, 1)
  t.notOk((await markAnswered(db, callId, 'carrier-a', moment(601))).metered, 'an answer after its end does not count')
  t.match(await renewLease(db, callId, moment(602)), { endsInSeconds: 0 })
  t.equal((await books(db, sol.tenantId)).held, 0)
})

t.test('reports about unknown calls change nothing', async (t) => {
  const sol = await scene(db)
  const made = 'e'.repeat(32)
  t.notOk((await markAnswered(db, made, 'carrier-a', moment(0))).metered)
  await hangsUp(db, made, second(0))
  await markUnreachable(db, made, { dialStatus: '', cause: 0 }, second(0))
  t.match(await renewLease(db, made, moment(0)), { endsInSeconds: 0 })
  t.same(await books(db, sol.tenantId), { balance: 3600, held: 0, ledger: 3600, leases: 0 })
})

t.test('an agent who does not answer, and one who declines', async (t) => {
  const sol = await scene(db)
  await registers(db, sol.ana, second(0))
  for (const [dialStatus, cause, outcome] of [
    ['CHANUNAVAIL', 20, 'agent-unreachable'],
    ['NOANSWER', 0, 'agent-unreachable'],
    ['BUSY', 17, 'agent-declined'],
    ['CHANUNAVAIL', 21, 'agent-declined'],
  ] as const) {
    const id = await clicks(db, sol, sol.ana, second(0))
    await markUnreachable(db, id, { dialStatus, cause }, second(1))
    t.match(await find(id), { state: 'unreachable', outcome, billed_seconds: 0, open_agent_id: null })
    t.equal((await asks(db, sol.ana, id, second(2))).verdict, 'already-used', 'the id cannot be used again')
  }
})

t.test('a late "unreachable" does not end a call in progress', async (t) => {
  const sol = await scene(db)
  await registers(db, sol.ana, second(0))
  const id = await clicks(db, sol, sol.ana, second(0))
  await asks(db, sol.ana, id, second(1))
  await markUnreachable(db, id, { dialStatus: '', cause: 0 }, second(2))
  t.equal((await find(id)).state, 'authorized')
})

t.test('the AGI server is down when the agent answers: our failure, the lead is not dialled, nothing is charged', async (t) => {
  const sol = await scene(db)
  await registers(db, sol.ana, second(0))
  const id = await clicks(db, sol, sol.ana, second(0))
  t.ok((await findWaitingRequests(db)).some((waiting) => waiting.callId === id))
  await failRequest(db, id, second(3))
  t.match(await find(id), { state: 'refused', outcome: 'our-failure', billed_seconds: 0 })
  t.equal((await requestCall(db, sol.tenantId, sol.ana.agentId, sol.maria, second(4))).outcome, 'requested', 'and the next click works')
})

t.test('a call without reports is ended by the worker, then charged up to its last renewal', async (t) => {
  const sol = await scene(db)
  const { callId } = await asks(db, sol.ana, '', second(0), '11987654301')
  await markAnswered(db, callId, 'carrier-a', moment(0))
  await renewLease(db, callId, moment(60))
  const overdue = async (at: Date) => (await findOverdueCalls(db, momentAt(at))).some((call) => call.callId === callId)
  t.notOk(await overdue(second(179)), 'three minutes are reserved')
  t.ok(await overdue(second(181)))
  t.notOk(await markCutFromOutside(db, callId, 800, moment(179)), 'not with a longer lease: a tick came first')
  t.ok(await markCutFromOutside(db, callId, 800, moment(179.5)))
  t.ok(await markCutFromOutside(db, callId, 0, moment(183)))
  t.match(
    (await findOverdueCalls(db, moment(184))).filter((call) => call.callId === callId),
    [{ cutAt: second(183) }],
  )
  await settleLostCall(db, callId, moment(184))
  t.equal((await find(callId)).state, 'answered', 'its own report may still come')
  await Promise.all([settleLostCall(db, callId, moment(185)), settleLostCall(db, callId, moment(185))])
  t.match(await find(callId), { state: 'lost', talk_seconds: 60, billed_seconds: 60 })
  await hangsUp(db, callId, second(300))
  t.same(await books(db, sol.tenantId), { balance: 3540, held: 0, ledger: 3540, leases: 0 })
})

t.test('a call without an answer and without reports returns its lease', async (t) => {
  const sol = await scene(db)
  const { callId } = await asks(db, sol.ana, '', second(0), '11987654301')
  await settleLostCall(db, callId, moment(600))
  t.match(await find(callId), { state: 'lost', billed_seconds: 0 })
  t.same(await books(db, sol.tenantId), { balance: 3600, held: 0, ledger: 3600, leases: 0 })
})

t.test('the database itself refuses an overdraft and a second charge', async (t) => {
  const sol = await scene(db, { balanceSeconds: 10 })
  await t.rejects(db.updateTable('tenants').set({ balance_seconds: -1 }).where('id', '=', sol.tenantId).execute())
  await t.rejects(db.updateTable('tenants').set({ held_seconds: 11 }).where('id', '=', sol.tenantId).execute())
  await inTransaction(db, async (trx) => topUp(trx, sol.tenantId, 600, paid, second(0)))
  const { callId } = await asks(db, sol.ana, '', second(0), '11987654301')
  const charge = {
    tenant_id: sol.tenantId,
    kind: 'charge' as const,
    seconds: -30,
    balance_after_seconds: 0,
    call_id: callId,
    created_at: second(0),
  }
  await db.insertInto('ledger_entries').values(charge).execute()
  const again = await db
    .insertInto('ledger_entries')
    .values(charge)
    .execute()
    .catch((error: unknown) => error)
  t.match(again, { errno: 1062 })
})
