import t from 'tap'
import { testDatabase } from '../../testing/database.ts'
import { registers, scene } from '../../testing/scene.ts'
import { asks, books, clicks, hangsUp, moment, second } from '../../testing/steps.ts'
import { leadLeg, leadLegEnds, passes, talk, transferOf } from '../../testing/transfers.ts'
import { endCall } from '../end.ts'
import { findCall, findCallAtHand, listCalls } from '../history/history.ts'
import { agentViewer, wholeTenant } from '../history/visibility.ts'
import { answerTransfer, beginTransfer, ringNextPhone } from './transfer-steps.ts'
import { findOffer, listTransferSegments } from './open-transfers.ts'

const db = await testDatabase(t)
const find = (id: string) => db.selectFrom('calls').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

t.test('Ana passes Maria to Bruno: one call, one charge, from the answer to the end', async (t) => {
  const sol = await scene(db)
  const id = await talk(db, sol)
  t.same(await passes(db, sol, id, second(20)), { outcome: 'requested', leadLeg })
  t.match(await find(id), { open_agent_id: sol.ana.agentId, unique_id: '1.1' }, 'nothing has moved yet')
  t.match(await beginTransfer(db, id, moment(20)), { begun: { kind: 'blind' } })
  t.match(await find(id), { state: 'answered', open_agent_id: null, channel: leadLeg.channel, unique_id: '1.2' })
  await hangsUp(db, id, second(21))
  t.equal((await find(id)).state, 'answered', 'the end of Ana’s leg does not end the call')
  t.equal(await findCallAtHand(db, sol.tenantId, sol.ana.agentId, second(0)), null, 'and Ana is free')

  t.match(await ringNextPhone(db, id, moment(21)), { endpoint: sol.bruno.endpoint, leftSeconds: 7179, group: sol.slug })
  t.same(await findOffer(db, sol.tenantId, sol.bruno.agentId, id, second(22)), {
    comesBack: false,
    consults: false,
    consulted: false,
    colleague: 'Ana Ribeiro',
  })
  t.match(await answerTransfer(db, id, sol.bruno.endpoint, moment(25)), { taken: true })
  t.match(await find(id), { agent_id: sol.ana.agentId, open_agent_id: sol.bruno.agentId, transferred_to_agent_id: sol.bruno.agentId })
  t.equal((await findCallAtHand(db, sol.tenantId, sol.bruno.agentId, second(0)))?.id, id)

  await leadLegEnds(db, id, second(60), true)
  t.match(await find(id), { state: 'ended', talk_seconds: 60, billed_seconds: 60, hung_up_by: 'lead', open_agent_id: null })
  await leadLegEnds(db, id, second(61), true)
  for (const { agentId } of [sol.ana, sol.bruno])
    t.equal((await findCallAtHand(db, sol.tenantId, agentId, second(0)))?.id, id, 'both may note something')
  t.same(await books(db, sol.tenantId), { balance: 3540, held: 0, ledger: 3540, leases: 0 })
  t.match(await listTransferSegments(db, sol.tenantId, id), [
    { state: 'answered', from_name: 'Ana Ribeiro', to_name: 'Bruno Castro', began_at_ms: 20_000, answered_at_ms: 25_000 },
  ])
})

t.test('both agents see the call, and a colleague who was never on it does not', async (t) => {
  const [sol, lua] = [await scene(db), await scene(db)]
  const id = await talk(db, sol)
  const seenBy = async (tenantId: number, agentId: number | null) => {
    const viewer = agentId === null ? wholeTenant(tenantId) : agentViewer(tenantId, agentId)
    const listed = (await listCalls(db, viewer)).some((call) => call.id === id)
    t.equal((await findCall(db, viewer, id)) !== null, listed, 'the list and the page agree')
    return listed
  }
  await passes(db, sol, id, second(20))
  await beginTransfer(db, id, moment(20))
  await ringNextPhone(db, id, moment(20))
  t.notOk(await seenBy(sol.tenantId, sol.bruno.agentId), 'not while it only rings')
  await answerTransfer(db, id, sol.bruno.endpoint, moment(22))
  for (const agent of [sol.ana.agentId, sol.bruno.agentId, null]) t.ok(await seenBy(sol.tenantId, agent))
  for (const agent of [lua.ana.agentId, null]) t.notOk(await seenBy(lua.tenantId, agent))
  const ownOfAna = await clicks(db, sol, sol.ana, second(30))
  t.same(
    (await listCalls(db, agentViewer(sol.tenantId, sol.ana.agentId), { limit: 2 })).map((call) => call.id),
    [ownOfAna, id],
    'newest first',
  )
})

t.test('which calls an agent may transfer, and to which colleagues', async (t) => {
  const [sol, lua] = [await scene(db), await scene(db)]
  const id = await talk(db, sol)
  t.equal(await passes(db, lua, id, second(1)), null, 'another company’s call does not exist')
  t.equal(await passes(db, sol, id, second(1), sol.ana, lua.bruno), null, 'nor does its agent')
  t.equal(await passes(db, sol, id, second(1), sol.ana, sol.ana), null, 'not to the same agent')
  t.equal(await passes(db, sol, id, second(1), sol.bruno, sol.ana), null, 'Bruno cannot transfer Ana’s call')
  t.equal(await passes(db, sol, 'f'.repeat(32), second(1)), null)
  await db.deleteFrom('ps_contacts').where('endpoint', '=', sol.bruno.endpoint).execute()
  t.match(await passes(db, sol, id, second(1)), { reason: 'colleague-offline' })
  await registers(db, sol.bruno, second(0))
  const other = await clicks(db, sol, sol.bruno, second(1))
  t.match(await passes(db, sol, id, second(1)), { reason: 'colleague-busy' })
  await asks(db, sol.bruno, other, second(2))
  await endCall(
    db,
    { callId: other, uniqueId: '1.1', dialStatus: 'BUSY', sipCode: 486, q850: 17, leadEnded: false, agentCause: 16 },
    moment(3),
  )
  t.match(await passes(db, sol, id, second(4)), { outcome: 'requested' })
  await hangsUp(db, id, second(5))
  t.match(await beginTransfer(db, id, moment(5)), { begun: null }, 'Ana hung up first')
  t.ok(await clicks(db, sol, sol.bruno, second(5)), 'and Bruno, who was about to be rung, is free at once')
  t.match(await passes(db, sol, id, second(6)), { reason: 'not-on-this-call' })
})

t.test('of two simultaneous transfer requests one succeeds, and reserves the colleague', async (t) => {
  const sol = await scene(db)
  const id = await talk(db, sol)
  const asked = await Promise.all(Array.from({ length: 6 }, () => passes(db, sol, id, second(10))))
  t.equal(asked.filter((each) => each?.outcome === 'requested').length, 1)
  await t.rejects(clicks(db, sol, sol.bruno, second(11)), /already-on-a-call/, 'Bruno cannot call during the transfer')
  const begun = await Promise.all([1, 2, 3].map(() => beginTransfer(db, id, moment(11))))
  t.equal(begun.filter((each) => each.begun).length, 1, 'a call file that is read twice begins it once')
  t.match(await passes(db, sol, id, second(12)), { reason: 'not-on-this-call' }, 'Ana no longer has the call to transfer')
})

t.test('a transfer that Asterisk never began frees the colleague by itself and can be repeated', async (t) => {
  const sol = await scene(db)
  const id = await talk(db, sol)
  await passes(db, sol, id, second(10))
  t.match(await passes(db, sol, id, second(11)), { reason: 'already-transferring' })
  t.match(await beginTransfer(db, id, moment(26)), { begun: null }, 'too late')
  t.match(await passes(db, sol, id, second(26)), { outcome: 'requested' })
  t.match(await beginTransfer(db, id, moment(27)), { begun: { kind: 'blind' } })
})

t.test('without an answer Ana’s phone rings again, and if she does not answer either, no phone is left', async (t) => {
  const sol = await scene(db)
  const id = await talk(db, sol)
  await passes(db, sol, id, second(10))
  await beginTransfer(db, id, moment(10))
  t.match(await ringNextPhone(db, id, moment(10)), { endpoint: sol.bruno.endpoint })
  t.match(await ringNextPhone(db, id, moment(35)), { endpoint: sol.ana.endpoint })
  t.equal(await findOffer(db, sol.tenantId, sol.bruno.agentId, id, second(36)), null)
  t.same(await findOffer(db, sol.tenantId, sol.ana.agentId, id, second(36)), {
    comesBack: true,
    consults: false,
    consulted: false,
    colleague: 'Bruno Castro',
  })
  t.match(await answerTransfer(db, id, sol.bruno.endpoint, moment(36)), { taken: false }, 'too late for Bruno')
  t.match(await ringNextPhone(db, id, moment(60)), { endpoint: null })
  t.match(await transferOf(db, id), { state: 'failed', open_call_id: null, ringing_agent_id: null })
  await leadLegEnds(db, id, second(65), false)
  t.match(await find(id), { state: 'ended', talk_seconds: 65 })
  t.match(await books(db, sol.tenantId), { held: 0, leases: 0 })
})

t.test('the call returns to Ana, who can transfer it again; Bruno transfers it on', async (t) => {
  const sol = await scene(db)
  const id = await talk(db, sol)
  for (const at of [10, 50]) {
    await passes(db, sol, id, second(at))
    await beginTransfer(db, id, moment(at))
    await ringNextPhone(db, id, moment(at))
    if (at === 50) break
    await ringNextPhone(db, id, moment(at + 25))
    t.match(await answerTransfer(db, id, sol.ana.endpoint, moment(at + 27)), { taken: true })
    t.match(await find(id), { open_agent_id: sol.ana.agentId, transferred_to_agent_id: null, unique_id: '1.2' })
  }
  await answerTransfer(db, id, sol.bruno.endpoint, moment(55))
  t.match(await passes(db, sol, id, second(60), sol.bruno, sol.ana), { outcome: 'requested' })
  await beginTransfer(db, id, moment(60))
  await ringNextPhone(db, id, moment(60))
  await answerTransfer(db, id, sol.ana.endpoint, moment(62))
  t.match(await find(id), { open_agent_id: sol.ana.agentId, transferred_to_agent_id: null })
  t.same(
    (await listTransferSegments(db, sol.tenantId, id)).map((each) => each.state),
    ['returned', 'answered', 'answered'],
  )
})

t.test('a busy agent is not rung, and a call that ends frees the agent it rang', async (t) => {
  const sol = await scene(db)
  const id = await talk(db, sol)
  await passes(db, sol, id, second(10))
  await beginTransfer(db, id, moment(10))
  await clicks(db, sol, sol.ana, second(12))
  t.match(await ringNextPhone(db, id, moment(12)), { endpoint: sol.bruno.endpoint })
  await leadLegEnds(db, id, second(15), true)
  t.match(await transferOf(db, id), { state: 'failed', ringing_agent_id: null })
  t.match(await answerTransfer(db, id, sol.bruno.endpoint, moment(16)), { taken: false }, 'the lead had gone')
  await t.resolves(clicks(db, sol, sol.bruno, second(17)), 'Bruno is free')

  const lua = await scene(db)
  const passed = await talk(db, lua)
  await passes(db, lua, passed, second(10))
  await beginTransfer(db, passed, moment(10))
  await ringNextPhone(db, passed, moment(10))
  await clicks(db, lua, lua.ana, second(12))
  t.match(await ringNextPhone(db, passed, moment(35)), { endpoint: null }, 'Ana has another call by now')
})
