import t from 'tap'
import { authorizeCall } from '../outgoing/authorize.ts'
import { addDoNotCall } from '../../policy/do-not-call.ts'
import { inTransaction } from '../../database/transaction.ts'
import { callerGoes, callsIn, numberOf, opensOnly, picksUp } from '../../testing/incoming.ts'
import { testDatabase } from '../../testing/database.ts'
import { registers, scene, type Scene } from '../../testing/scene.ts'
import { asks, books, clicks, hangsUp, moment, second } from '../../testing/steps.ts'
import { findSilentIncoming, settleUnreportedCall } from '../reconcile/unreported-calls.ts'
import { findCall, hasCalls, listCalls } from '../history/history.ts'
import { agentViewer, wholeTenant } from '../history/visibility.ts'
import { receiveCall, ringNext } from './receive.ts'

const db = await testDatabase(t)
const call = (id: string) => db.selectFrom('calls').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const tasks = ({ tenantId }: Scene) => db.selectFrom('tasks').selectAll().where('tenant_id', '=', tenantId).execute()

/** A company with both agents' phones registered, and a third agent's without a list. */
async function company(options: Parameters<typeof scene>[1] = {}): Promise<Scene> {
  const sol = await scene(db, options)
  for (const agent of [sol.ana, sol.bruno]) await registers(db, agent, second(0))
  return sol
}

/** Maria calls back five seconds after Ana's call to her. */
async function callsBackAna(sol: Scene) {
  const clicked = await clicks(db, sol, sol.ana, second(0))
  await asks(db, sol.ana, clicked, second(1))
  await hangsUp(db, clicked, second(5))
  const { callId } = await callsIn(db, sol, second(10))
  return { clicked, callId }
}

t.test('the agent who called last rings first, then all other agents, then no phone: a row and a task', async (t) => {
  const sol = await company()
  const clicked = await clicks(db, sol, sol.bruno, second(0))
  await asks(db, sol.bruno, clicked, second(1))
  await hangsUp(db, clicked, second(5))
  const first = await callsIn(db, sol, second(10))
  t.match(first, { verdict: 'ring', stage: 'last', endpoints: [sol.bruno.endpoint], seconds: 20, locale: 'pt-BR' })
  t.match(await call(first.callId), {
    origin: 'incoming',
    contact_id: sol.maria.id,
    e164: sol.maria.e164,
    agent_id: null,
    trunk: 'carrier-a',
  })
  t.match(await ringNext(db, first.callId, 'last', second(31)), {
    verdict: 'ring',
    stage: 'group',
    endpoints: [sol.ana.endpoint],
    seconds: 40,
  })
  t.match(await ringNext(db, first.callId, 'group', second(72)), { verdict: 'nobody' })
  t.match(await ringNext(db, first.callId, 'group', second(73)), { verdict: 'over' }, 'a repeated report changes nothing')
  await callerGoes(db, first.callId, second(80), { dialStatus: 'NOANSWER' })
  t.match(await call(first.callId), { state: 'ended', outcome: 'missed', verdict: 'nobody', billed_seconds: 0 })
  t.match(await tasks(sol), [{ kind: 'missed', e164: sol.maria.e164, agent_id: sol.bruno.agentId, missed_calls: 1, call_id: first.callId }])
})

t.test('a stranger rings the group at once, agents in a call are not rung, and missed again counts on the same task', async (t) => {
  const sol = await company()
  const busy = await clicks(db, sol, sol.ana, second(0))
  await asks(db, sol.ana, busy, second(1))
  const caller = '+5521987650099'
  const rings = await callsIn(db, sol, second(2), { caller })
  t.match(rings, { verdict: 'ring', stage: 'group', endpoints: [sol.bruno.endpoint] })
  await callerGoes(db, rings.callId, second(9), { dialStatus: 'CANCEL' })
  t.match(await call(rings.callId), { outcome: 'missed', verdict: 'gave-up' })
  const again = await callsIn(db, sol, second(20), { caller: '021 98765-0099' })
  await callerGoes(db, again.callId, second(25), { dialStatus: 'CANCEL' })
  t.match(
    await tasks(sol),
    [{ e164: caller, agent_id: null, missed_calls: 2, call_id: again.callId, done_at: null }],
    'the number matches in any notation',
  )
  const third = await callsIn(db, sol, second(30), { caller })
  t.ok(await picksUp(db, sol.bruno, third.callId, second(33)))
  await callerGoes(db, third.callId, second(63), { agentEnded: true })
  t.match(await call(third.callId), {
    state: 'ended',
    outcome: 'answered',
    hung_up_by: 'agent',
    talk_seconds: 30,
    billed_seconds: 0,
    cost_micros: null,
  })
  t.match(await tasks(sol), [{ done_how: 'call', done_by: sol.bruno.userId }], 'the task is done when an agent talks to the number')
})

t.test('of two agents who answer at once, one gets the call, and it uses no minutes', async (t) => {
  const sol = await company({ balanceSeconds: 0 })
  const { callId } = await callsIn(db, sol, second(0))
  const took = await Promise.all([sol.ana, sol.bruno, sol.ana, sol.bruno].map((agent) => picksUp(db, agent, callId, second(3))))
  t.same(took[0], took[2], 'a repeated report gives the same answer')
  t.same(took.filter(Boolean).length, 2, 'one agent answers, and reports it twice')
  const winner = took[0] ? sol.ana : sol.bruno
  t.match(await call(callId), { agent_id: winner.agentId, open_agent_id: winner.agentId })
  t.same(await books(db, sol.tenantId), { balance: 0, held: 0, ledger: 0, leases: 0 })
  const other = await callsIn(db, sol, second(4), { caller: '+5511987650001' })
  t.notOk(await picksUp(db, winner, other.callId, second(5)), 'an agent in a call gets no second call')
  await callerGoes(db, callId, second(10))
  t.match(await call(callId), { hung_up_by: 'lead', open_agent_id: null })
})

t.test('an incoming call whose leg broke off was ended by the network, whichever leg it was', async (t) => {
  const sol = await company()
  for (const [end, hungUpBy] of [
    [{ agentEnded: true, cause: 18 }, 'network'],
    [{ agentEnded: false, cause: 44 }, 'network'],
    [{ agentEnded: true, cause: 16 }, 'agent'],
  ] as const) {
    const { callId } = await callsIn(db, sol, second(0))
    t.ok(await picksUp(db, sol.bruno, callId, second(3)))
    await callerGoes(db, callId, second(30), end)
    t.match(await call(callId), { hung_up_by: hungUpBy }, JSON.stringify(end))
  }
})

t.test('an agent who answers a call that is not theirs does not end it: the other phones ring again', async (t) => {
  const sol = await company()
  const [first, second_] = [await callsIn(db, sol, second(1)), await callsIn(db, sol, second(2), { caller: '+5521987650099' })]
  t.ok(await picksUp(db, sol.ana, first.callId, second(3)))
  t.notOk(await picksUp(db, sol.ana, second_.callId, second(4)), 'on her other phone: Ana already talks')
  t.match(await ringNext(db, second_.callId, 'group', second(4), { pickedUp: true }), {
    verdict: 'ring',
    stage: 'group',
    endpoints: [sol.bruno.endpoint],
  })
  t.ok(await picksUp(db, sol.bruno, second_.callId, second(6)))
  const third = await callsIn(db, sol, second(7))
  t.equal(third.verdict, 'nobody')
  await callerGoes(db, second_.callId, second(10))
  const fourth = await callsIn(db, sol, second(11))
  t.match(
    await ringNext(db, fourth.callId, 'group', second(132), { pickedUp: true }),
    { verdict: 'nobody' },
    'the number of attempts has a limit',
  )
})

t.test('a phone that was not rung, of this or another company, takes no call', async (t) => {
  const sol = await company()
  const lua = await company()
  const { callId } = await callsBackAna(sol)
  t.notOk(await picksUp(db, sol.bruno, callId, second(11)))
  t.notOk(await picksUp(db, lua.ana, callId, second(11)))
  t.match(
    await authorizeCall(db, { callId, dialled: '', endpoint: sol.ana.endpoint, channel: 'PJSIP/x-00000001', uniqueId: '1' }, moment(12)),
    {
      verdict: 'not-yours',
    },
  )
  t.ok(await picksUp(db, sol.ana, callId, second(13)))
})

t.test('outside calling hours and on holidays no phone rings, but the call gets a row and a task', async (t) => {
  const sol = await company()
  await opensOnly(db, sol, [{ weekday: 2, fromMinute: 0, toMinute: 60 }])
  const closed = await callsIn(db, sol, second(0))
  t.match(closed, { verdict: 'closed' })
  t.match(await call(closed.callId), { state: 'ended', outcome: 'missed', verdict: 'outside-hours' })
  t.equal((await tasks(sol)).length, 1)
  const hidden = await callsIn(db, sol, second(1), { caller: 'anonymous' })
  t.match(await call(hidden.callId), { e164: null, dialled: '', outcome: 'missed' })
  t.equal((await tasks(sol)).length, 1, 'a caller without a number cannot be called back')
})

t.test('an unknown number, a trunk of another company and a suspended company leave no row', async (t) => {
  const sol = await company()
  const own = await scene(db)
  const rows = async () => (await db.selectFrom('calls').select('id').execute()).length
  const before = await rows()
  const ask = (dialled: string, endpoint: string | null) =>
    receiveCall(db, { dialled, caller: '11987654301', endpoint, channel: 'PJSIP/x-00000001', uniqueId: '1' }, second(0))
  t.match(await ask('+551132109999', 'carrier-a'), { verdict: 'unknown-number', tenantId: null })
  t.match(await ask(await numberOf(db, sol), 'carrier-of-others'), { verdict: 'unknown-number' })
  t.match(await ask(await numberOf(db, sol), null), { verdict: 'unknown-number' })
  for (const hostile of ['', '32104000', "' or 1=1 --", `${await numberOf(db, sol)}\nagi_arg_2: x`, '9'.repeat(5000), '190'])
    t.match(await ask(hostile, 'carrier-a'), { verdict: 'unknown-number' }, hostile.slice(0, 40))
  await db.updateTable('tenants').set({ status: 'suspended' }).where('id', '=', own.tenantId).execute()
  t.match(await callsIn(db, own, second(0)), { verdict: 'suspended' })
  t.equal(await rows(), before)
})

t.test('more calls at once than the company has lines get the busy tone and write nothing', async (t) => {
  const sol = await company({ tenant: { max_calls: 2 } })
  const flood = await Promise.all(Array.from({ length: 6 }, (_, n) => callsIn(db, sol, second(0), { caller: `+551198765020${n}` })))
  t.same(flood.map(({ verdict }) => verdict).sort(), ['busy', 'busy', 'busy', 'busy', 'ring', 'ring'])
  t.equal((await db.selectFrom('calls').select('id').where('tenant_id', '=', sol.tenantId).execute()).length, 2)
  t.match(await clicks(db, sol, sol.ana, second(1)), /^[0-9a-f]{32}$/, 'the company can still place calls')
  const lua = await company({ tenant: { max_calls: 2 } })
  await opensOnly(db, lua, [{ weekday: 2, fromMinute: 0, toMinute: 60 }])
  const closed = []
  for (const at of [0, 1, 2, 15]) closed.push((await callsIn(db, lua, second(at))).verdict)
  t.same(closed, ['closed', 'closed', 'busy', 'closed'], 'also outside the calling hours')
})

t.test('a caller on the do-not-call list gets through, and no callback task is made', async (t) => {
  const sol = await company()
  await inTransaction(db, (trx) => addDoNotCall(trx, sol.tenantId, [sol.maria.e164], { reason: '', author: 'test' }, second(0)))
  t.match(await callsIn(db, sol, second(1)), { verdict: 'ring' })
  await t.rejects(clicks(db, sol, sol.ana, second(2)), /do-not-call/)
})

t.test('a call without a report of its end is settled, and frees its agent', async (t) => {
  const sol = await company()
  const ringing = await callsIn(db, sol, second(0))
  const talking = await callsIn(db, sol, second(1), { caller: '+5511987650001' })
  t.ok(await picksUp(db, sol.ana, talking.callId, second(3)))
  const open = await findSilentIncoming(db, second(60), second(60))
  t.same(open.filter(({ callId }) => callId === ringing.callId || callId === talking.callId).length, 2, 'the worker probes both')
  for (const { callId } of [ringing, talking]) t.ok(await settleUnreportedCall(db, callId, moment(70)))
  t.notOk(await settleUnreportedCall(db, talking.callId, moment(71)), 'once')
  t.match(await call(ringing.callId), { state: 'lost', outcome: 'missed', open_agent_id: null })
  t.match(await call(talking.callId), { state: 'lost', outcome: 'answered', open_agent_id: null })
  await callerGoes(db, talking.callId, second(80))
  t.match(await call(talking.callId), { state: 'lost' }, 'a late report changes nothing')
})

t.test('an agent sees the incoming calls that rang them, a manager all, another company none', async (t) => {
  const sol = await company()
  const lua = await company()
  const { clicked, callId } = await callsBackAna(sol)
  const sees = async (tenantId: number, agentId: number | null) => {
    const viewer = agentId === null ? wholeTenant(tenantId) : agentViewer(tenantId, agentId)
    return (await listCalls(db, viewer)).map(({ id }) => id)
  }
  t.same(await sees(sol.tenantId, sol.ana.agentId), [callId, clicked], 'the newest first')
  t.same(await sees(sol.tenantId, sol.bruno.agentId), [])
  t.notOk(await hasCalls(db, agentViewer(sol.tenantId, sol.bruno.agentId)))
  await ringNext(db, callId, 'last', second(31))
  t.ok(await picksUp(db, sol.bruno, callId, second(32)))
  t.same(await sees(sol.tenantId, sol.bruno.agentId), [callId])
  t.same(await sees(sol.tenantId, sol.ana.agentId), [callId, clicked], 'it rang here too')
  t.same(await sees(sol.tenantId, null), [callId, clicked])
  t.same(await sees(lua.tenantId, null), [])
  t.equal(await findCall(db, wholeTenant(lua.tenantId), callId), null)
  const filtered = async (direction: 'incoming' | 'outgoing' | 'missed') =>
    (await listCalls(db, wholeTenant(sol.tenantId), { filter: { direction } })).map(({ id }) => id)
  t.same([await filtered('incoming'), await filtered('outgoing'), await filtered('missed')], [[callId], [clicked], []])
})
