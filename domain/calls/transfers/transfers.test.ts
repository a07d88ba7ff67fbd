import t from 'tap'
import { addCallList } from '../../call-lists/lists.ts'
import { claimNext } from '../../call-lists/claim.ts'
import { addDisposition, listDispositions } from '../wrap-up/dispositions.ts'
import { testDatabase } from '../../testing/database.ts'
import { callerGoes, callsIn, picksUp } from '../../testing/incoming.ts'
import { listColleagues } from '../../floor/agent-presence.ts'
import { listContactCalls } from '../history/contact-history.ts'
import { registers, scene, type Scene, type SceneAgent } from '../../testing/scene.ts'
import { asks, books, clicks, hangsUp, moment, second } from '../../testing/steps.ts'
import { markAnswered } from '../outgoing/answer.ts'
import { endCall } from '../end.ts'
import { findCall, findCallAtHand, listCalls } from '../history/history.ts'
import { agentViewer, wholeTenant } from '../history/visibility.ts'
import { ringNext } from '../incoming/receive.ts'
import { requestCall } from '../outgoing/request.ts'
import {
  answerTransfer,
  beginTransfer,
  completeTransfer,
  consultedPhone,
  requestTransfer,
  ringNextPhone,
  type TransferKind,
} from './transfer-steps.ts'
import { findOffer, listTransferSegments } from './open-transfers.ts'
import { findWrapUp, saveWrapUp } from '../wrap-up/wrap-up.ts'
import { momentAt } from '../../testing/clock.ts'

const db = await testDatabase(t)
const leadLeg = { channel: 'PJSIP/carrier-a-0000001b', uniqueId: '1.2' }
const find = (id: string) => db.selectFrom('calls').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const transferOf = (id: string) =>
  db.selectFrom('transfers').selectAll().where('call_id', '=', id).orderBy('id', 'desc').executeTakeFirstOrThrow()

/** Ana talks with Maria since second 0. */
async function talk(sol: Scene): Promise<string> {
  for (const agent of [sol.ana, sol.bruno]) await registers(db, agent, second(0)).catch(() => undefined)
  const id = await clicks(db, sol, sol.ana, second(0))
  await asks(db, sol.ana, id, second(0))
  await markAnswered(db, id, 'carrier-a', moment(0), { leadLeg })
  return id
}

const passes = (sol: Scene, id: string, at: Date, from: SceneAgent = sol.ana, to: SceneAgent = sol.bruno, kind: TransferKind = 'blind') =>
  requestTransfer(db, sol.tenantId, from.agentId, id, to.agentId, kind, at)

/** The lead's leg is gone. */
/** Ana passes her call on at 10 s, and Bruno answers at 12 s. */
async function brunoTakesOver(sol: Scene, id: string): Promise<void> {
  await passes(sol, id, second(10))
  await beginTransfer(db, id, moment(10))
  await ringNextPhone(db, id, moment(10))
  await answerTransfer(db, id, sol.bruno.endpoint, moment(12))
}

const leadLegEnds = (id: string, at: Date, leadEnded: boolean) =>
  endCall(db, { callId: id, uniqueId: '1.2', dialStatus: 'ANSWER', sipCode: 0, q850: 0, leadEnded, agentCause: 16 }, momentAt(at))

t.test('Ana passes Maria to Bruno: one call, one charge, from the answer to the end', async (t) => {
  const sol = await scene(db)
  const id = await talk(sol)
  t.same(await passes(sol, id, second(20)), { outcome: 'requested', leadLeg })
  t.match(await find(id), { open_agent_id: sol.ana.agentId, unique_id: '1.1' }, 'nothing has moved yet')
  t.match(await beginTransfer(db, id, moment(20)), { begun: { kind: 'blind' } })
  t.match(await find(id), { state: 'answered', open_agent_id: null, channel: leadLeg.channel, unique_id: '1.2' })
  await hangsUp(db, id, second(21))
  t.equal((await find(id)).state, 'answered', 'the end of Ana’s leg means nothing any more')
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

  await leadLegEnds(id, second(60), true)
  t.match(await find(id), { state: 'ended', talk_seconds: 60, billed_seconds: 60, hung_up_by: 'lead', open_agent_id: null })
  await leadLegEnds(id, second(61), true)
  for (const { agentId } of [sol.ana, sol.bruno])
    t.equal((await findCallAtHand(db, sol.tenantId, agentId, second(0)))?.id, id, 'both may note something')
  t.same(await books(db, sol.tenantId), { balance: 3540, held: 0, ledger: 3540, leases: 0 })
  t.match(await listTransferSegments(db, sol.tenantId, id), [
    { state: 'answered', from_name: 'Ana Ribeiro', to_name: 'Bruno Castro', began_at_ms: 20_000, answered_at_ms: 25_000 },
  ])
})

t.test('both agents see the call, and a colleague who was never on it does not', async (t) => {
  const [sol, lua] = [await scene(db), await scene(db)]
  const id = await talk(sol)
  const seenBy = async (tenantId: number, agentId: number | null) => {
    const viewer = agentId === null ? wholeTenant(tenantId) : agentViewer(tenantId, agentId)
    const listed = (await listCalls(db, viewer)).some((call) => call.id === id)
    t.equal((await findCall(db, viewer, id)) !== null, listed, 'the list and the page agree')
    return listed
  }
  await passes(sol, id, second(20))
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
  const id = await talk(sol)
  t.equal(await passes(lua, id, second(1)), null, 'another company’s call does not exist')
  t.equal(await passes(sol, id, second(1), sol.ana, lua.bruno), null, 'nor does its agent')
  t.equal(await passes(sol, id, second(1), sol.ana, sol.ana), null, 'not to themselves')
  t.equal(await passes(sol, id, second(1), sol.bruno, sol.ana), null, 'Bruno cannot pass Ana’s call')
  t.equal(await passes(sol, 'f'.repeat(32), second(1)), null)
  await db.deleteFrom('ps_contacts').where('endpoint', '=', sol.bruno.endpoint).execute()
  t.match(await passes(sol, id, second(1)), { reason: 'colleague-offline' })
  await registers(db, sol.bruno, second(0))
  const other = await clicks(db, sol, sol.bruno, second(1))
  t.match(await passes(sol, id, second(1)), { reason: 'colleague-busy' })
  await asks(db, sol.bruno, other, second(2))
  await endCall(
    db,
    { callId: other, uniqueId: '1.1', dialStatus: 'BUSY', sipCode: 486, q850: 17, leadEnded: false, agentCause: 16 },
    moment(3),
  )
  t.match(await passes(sol, id, second(4)), { outcome: 'requested' })
  await hangsUp(db, id, second(5))
  t.match(await beginTransfer(db, id, moment(5)), { begun: null }, 'Ana hung up first')
  t.ok(await clicks(db, sol, sol.bruno, second(5)), 'and Bruno, who was about to be rung, is free at once')
  t.match(await passes(sol, id, second(6)), { reason: 'not-on-this-call' })
})

t.test('two wishes at once: one is granted, and the colleague is held for it', async (t) => {
  const sol = await scene(db)
  const id = await talk(sol)
  const asked = await Promise.all(Array.from({ length: 6 }, () => passes(sol, id, second(10))))
  t.equal(asked.filter((each) => each?.outcome === 'requested').length, 1)
  await t.rejects(clicks(db, sol, sol.bruno, second(11)), /already-on-a-call/, 'Bruno cannot call during the transfer')
  const begun = await Promise.all([1, 2, 3].map(() => beginTransfer(db, id, moment(11))))
  t.equal(begun.filter((each) => each.begun).length, 1, 'a call file that is read twice begins it once')
  t.match(await passes(sol, id, second(12)), { reason: 'not-on-this-call' }, 'it is not Ana’s to pass any more')
})

t.test('a wish that Asterisk never took up frees the colleague by itself and may be repeated', async (t) => {
  const sol = await scene(db)
  const id = await talk(sol)
  await passes(sol, id, second(10))
  t.match(await passes(sol, id, second(11)), { reason: 'already-transferring' })
  t.match(await beginTransfer(db, id, moment(26)), { begun: null }, 'too late')
  t.match(await passes(sol, id, second(26)), { outcome: 'requested' })
  t.match(await beginTransfer(db, id, moment(27)), { begun: { kind: 'blind' } })
})

t.test('not answered: it rings at Ana’s again, and if she does not answer either, no phone is left', async (t) => {
  const sol = await scene(db)
  const id = await talk(sol)
  await passes(sol, id, second(10))
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
  t.match(await transferOf(id), { state: 'failed', open_call_id: null, ringing_agent_id: null })
  await leadLegEnds(id, second(65), false)
  t.match(await find(id), { state: 'ended', talk_seconds: 65 })
  t.match(await books(db, sol.tenantId), { held: 0, leases: 0 })
})

t.test('it comes back to Ana, who may pass it on once more; Bruno passes it on himself', async (t) => {
  const sol = await scene(db)
  const id = await talk(sol)
  for (const at of [10, 50]) {
    await passes(sol, id, second(at))
    await beginTransfer(db, id, moment(at))
    await ringNextPhone(db, id, moment(at))
    if (at === 50) break
    await ringNextPhone(db, id, moment(at + 25))
    t.match(await answerTransfer(db, id, sol.ana.endpoint, moment(at + 27)), { taken: true })
    t.match(await find(id), { open_agent_id: sol.ana.agentId, transferred_to_agent_id: null, unique_id: '1.2' })
  }
  await answerTransfer(db, id, sol.bruno.endpoint, moment(55))
  t.match(await passes(sol, id, second(60), sol.bruno, sol.ana), { outcome: 'requested' })
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
  const id = await talk(sol)
  await passes(sol, id, second(10))
  await beginTransfer(db, id, moment(10))
  await clicks(db, sol, sol.ana, second(12))
  t.match(await ringNextPhone(db, id, moment(12)), { endpoint: sol.bruno.endpoint })
  await leadLegEnds(id, second(15), true)
  t.match(await transferOf(id), { state: 'failed', ringing_agent_id: null })
  t.match(await answerTransfer(db, id, sol.bruno.endpoint, moment(16)), { taken: false }, 'the lead had gone')
  await t.resolves(clicks(db, sol, sol.bruno, second(17)), 'Bruno is free')

  const lua = await scene(db)
  const passed = await talk(lua)
  await passes(lua, passed, second(10))
  await beginTransfer(db, passed, moment(10))
  await ringNextPhone(db, passed, moment(10))
  await clicks(db, lua, lua.ana, second(12))
  t.match(await ringNextPhone(db, passed, moment(35)), { endpoint: null }, 'Ana has another call by now')
})

t.test('Ana talks with Bruno first: she is held with her lead until she completes it, and then he has the call', async (t) => {
  const sol = await scene(db)
  const id = await talk(sol)
  t.match(await passes(sol, id, second(10), sol.ana, sol.bruno, 'attended'), { outcome: 'requested' })
  t.match(await beginTransfer(db, id, moment(10)), {
    begun: { kind: 'attended', agentChannel: `PJSIP/${sol.ana.endpoint}-0000001a`, leftSeconds: 7190 },
  })
  t.match(await find(id), { unique_id: '1.2', open_agent_id: sol.ana.agentId }, 'the lead’s leg carries the call, and Ana still has it')
  t.match(await consultedPhone(db, id, sol.bruno.endpoint, second(11)), { endpoint: null }, 'only her phone may ask for the colleague’s')
  t.match(await consultedPhone(db, id, sol.ana.endpoint, second(11)), { endpoint: sol.bruno.endpoint })
  t.match(await findOffer(db, sol.tenantId, sol.bruno.agentId, id, second(12)), { consults: true, colleague: 'Ana Ribeiro' })
  const completes = (agent: SceneAgent, at: Date) => completeTransfer(db, sol.tenantId, agent.agentId, id, at)
  t.notOk(await completes(sol.ana, second(12)), 'not while it only rings')
  t.match(await answerTransfer(db, id, sol.bruno.endpoint, moment(15)), { taken: true })
  t.match(await find(id), { open_agent_id: sol.ana.agentId, transferred_to_agent_id: null }, 'he talks with Ana, not with the lead')
  t.notOk(await completes(sol.bruno, second(16)), 'it is not his to complete')
  t.ok(await completes(sol.ana, second(20)))
  t.notOk(await completes(sol.ana, second(20)), 'once')
  await hangsUp(db, id, second(20))
  t.match(await ringNextPhone(db, id, moment(20)), { endpoint: sol.bruno.endpoint })
  t.match(await find(id), { open_agent_id: null })
  t.match(await answerTransfer(db, id, sol.bruno.endpoint, moment(21)), { taken: true })
  t.match(await find(id), { open_agent_id: sol.bruno.agentId })
  t.match(
    await passes(sol, id, second(30), sol.bruno, sol.ana, 'attended'),
    { reason: 'blind-only' },
    'his own leg hangs on the lead’s: it cannot wait for him',
  )
  await leadLegEnds(id, second(40), false)
  t.match(await find(id), { state: 'ended', talk_seconds: 40, hung_up_by: 'agent' })
  t.match(await books(db, sol.tenantId), { balance: 3558, held: 0, leases: 0 })
})

t.test('a consultation that is not completed brings the lead back to Ana, and never to Bruno', async (t) => {
  for (const answers of [true, false]) {
    const sol = await scene(db)
    const id = await talk(sol)
    await passes(sol, id, second(10), sol.ana, sol.bruno, 'attended')
    await beginTransfer(db, id, moment(10))
    if (answers) await answerTransfer(db, id, sol.bruno.endpoint, moment(12))
    t.match(await ringNextPhone(db, id, moment(20)), { endpoint: sol.ana.endpoint })
    t.match(await answerTransfer(db, id, sol.bruno.endpoint, moment(21)), { taken: false })
    t.match(await answerTransfer(db, id, sol.ana.endpoint, moment(21)), { taken: true })
    t.match(await transferOf(id), { state: 'returned', open_call_id: null })
    t.match(await find(id), { open_agent_id: sol.ana.agentId, transferred_to_agent_id: null })
    await leadLegEnds(id, second(30), true)
    t.match(await find(id), { state: 'ended', talk_seconds: 30, billed_seconds: 30 })
  }
})

t.test('an incoming call cannot be transferred', async (t) => {
  const sol = await scene(db)
  for (const agent of [sol.ana, sol.bruno]) await registers(db, agent, second(0))
  const { callId } = await callsIn(db, sol, second(0))
  t.ok(await picksUp(db, sol.ana, callId, second(5)))
  for (const kind of ['blind', 'attended'] as const)
    t.same(await passes(sol, callId, second(10), sol.ana, sol.bruno, kind), { outcome: 'refused', reason: 'incoming' })
  t.match(await beginTransfer(db, callId, moment(11)), { begun: null })
  t.match(await ringNextPhone(db, callId, moment(11)), { endpoint: null })
  t.match(await find(callId), { state: 'answered', open_agent_id: sol.ana.agentId })
})

t.test('no agent is rung for an incoming call and a transfer at once', async (t) => {
  const sol = await scene(db)
  const id = await talk(sol)
  const first = await callsIn(db, sol, second(5), { caller: '+5521987650099' })
  t.match(first, { verdict: 'ring', endpoints: [sol.bruno.endpoint] })
  t.match(await passes(sol, id, second(6)), { reason: 'colleague-busy' })
  t.match(await listColleagues(db, sol.tenantId, sol.ana.agentId, second(6)), [{ agentId: sol.bruno.agentId, presence: 'busy' }])
  await callerGoes(db, first.callId, second(7), { dialStatus: 'CANCEL' })
  t.match(await passes(sol, id, second(8)), { outcome: 'requested' })
  await beginTransfer(db, id, moment(8))
  t.match(await callsIn(db, sol, second(9), { caller: '+5521987650098' }), { verdict: 'nobody' }, 'nor Ana, to whom the call may come back')
  await ringNextPhone(db, id, moment(10))
  await answerTransfer(db, id, sol.bruno.endpoint, moment(12))
  t.match(await callsIn(db, sol, second(13), { caller: '+5521987650097' }), { endpoints: [sol.ana.endpoint] }, 'now Ana is free')
})

t.test('a lead who calls back reaches the agent who had the call last', async (t) => {
  const sol = await scene(db)
  const id = await talk(sol)
  await brunoTakesOver(sol, id)
  await leadLegEnds(id, second(60), true)
  t.match(await callsIn(db, sol, second(90)), { verdict: 'ring', stage: 'last', endpoints: [sol.bruno.endpoint] })
})

t.test('events of a call go to its agents, not to those it only rang', async (t) => {
  const sol = await scene(db)
  const id = await talk(sol)
  await brunoTakesOver(sol, id)
  await leadLegEnds(id, second(60), true)
  const { callId } = await callsIn(db, sol, second(90))
  await ringNext(db, callId, 'last', second(110))
  t.ok(await picksUp(db, sol.ana, callId, second(115)))
  await callerGoes(db, callId, second(120))
  await addDisposition(db, sol.tenantId, 'Quer proposta')
  const dispositionId = (await listDispositions(db, sol.tenantId)).find(({ label }) => label === 'Quer proposta')?.id ?? null
  const viewer = (agent: SceneAgent) => agentViewer(sol.tenantId, agent.agentId)
  for (const each of [id, callId])
    await saveWrapUp(db, viewer(sol.ana), each, { dispositionId, note: 'Pediu desconto', revision: 0 }, sol.ana.userId, second(130))
  const seenBy = async (agent: SceneAgent) =>
    (await listContactCalls(db, viewer(agent), { e164: sol.maria.e164, contactId: sol.maria.id })).map((call) => [
      call.id,
      call.disposition,
      call.note,
    ])
  t.same(await seenBy(sol.ana), [
    [callId, 'Quer proposta', 'Pediu desconto'],
    [id, 'Quer proposta', 'Pediu desconto'],
  ])
  t.same(await seenBy(sol.bruno), [
    [callId, null, ''],
    [id, 'Quer proposta', 'Pediu desconto'],
  ])
  t.match(await findWrapUp(db, viewer(sol.bruno), id), { note: 'Pediu desconto' })
  t.equal(await findWrapUp(db, viewer(sol.bruno), callId), null)
})

t.test('a transferred lead of a call list is done when the call ends, and no agent gets it before', async (t) => {
  const sol = await scene(db)
  const rules = { name: 'Feira', mostAttempts: 3, waitMinutes: 60 }
  const list = await addCallList(db, sol.tenantId, {}, rules, sol.marcia.userId, second(0))
  for (const agent of [sol.ana, sol.bruno]) await registers(db, agent, second(0))
  const worker = ({ agentId }: SceneAgent) => ({ tenantId: sol.tenantId, agentId })
  const claims = (agent: SceneAgent, at: Date) => claimNext(db, worker(agent), list?.id ?? 0, at)
  t.match(await claims(sol.ana, second(0)), { outcome: 'claimed' })
  const click = await requestCall(db, sol.tenantId, sol.ana.agentId, { ...sol.maria, listId: list?.id ?? 0 }, second(0))
  if (click.outcome === 'refused') return t.fail(click.reason)
  const { callId: id } = click
  await asks(db, sol.ana, id, second(0))
  await markAnswered(db, id, 'carrier-a', moment(0), { leadLeg })
  await brunoTakesOver(sol, id)
  t.match(await claims(sol.ana, second(20)), { outcome: 'empty' }, 'Ana goes on, and is not given Maria again')
  const entry = () =>
    db
      .selectFrom('call_list_entries')
      .selectAll()
      .where('e164', '=', sol.maria.e164)
      .where('list_id', '=', list?.id ?? 0)
  t.match(await entry().executeTakeFirst(), { state: 'waiting', attempts: 0 })
  await leadLegEnds(id, second(60), true)
  t.match(await entry().executeTakeFirst(), { state: 'done', reason: 'answered' })
})
