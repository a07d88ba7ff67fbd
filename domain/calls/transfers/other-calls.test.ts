import t from 'tap'
import { addCallList } from '../../call-lists/lists.ts'
import { claimNext } from '../../call-lists/claim.ts'
import { addDisposition, listDispositions } from '../wrap-up/dispositions.ts'
import { testDatabase } from '../../testing/database.ts'
import { callerGoes, callsIn, picksUp } from '../../testing/incoming.ts'
import { listColleagues } from '../../floor/agent-presence.ts'
import { listContactCalls } from '../history/contact-history.ts'
import { registers, scene, type SceneAgent } from '../../testing/scene.ts'
import { asks, moment, second } from '../../testing/steps.ts'
import { brunoTakesOver, leadLeg, leadLegEnds, passes, talk } from '../../testing/transfers.ts'
import { markAnswered } from '../outgoing/answer.ts'
import { agentViewer } from '../history/visibility.ts'
import { ringNext } from '../incoming/receive.ts'
import { requestCall } from '../outgoing/request.ts'
import { answerTransfer, beginTransfer, ringNextPhone } from './transfer-steps.ts'
import { findWrapUp, saveWrapUp } from '../wrap-up/wrap-up.ts'

const db = await testDatabase(t)
const find = (id: string) => db.selectFrom('calls').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

t.test('an incoming call cannot be transferred', async (t) => {
  const sol = await scene(db)
  for (const agent of [sol.ana, sol.bruno]) await registers(db, agent, second(0))
  const { callId } = await callsIn(db, sol, second(0))
  t.ok(await picksUp(db, sol.ana, callId, second(5)))
  for (const kind of ['blind', 'attended'] as const)
    t.same(await passes(db, sol, callId, second(10), sol.ana, sol.bruno, kind), { outcome: 'refused', reason: 'incoming' })
  t.match(await beginTransfer(db, callId, moment(11)), { begun: null })
  t.match(await ringNextPhone(db, callId, moment(11)), { endpoint: null })
  t.match(await find(callId), { state: 'answered', open_agent_id: sol.ana.agentId })
})

t.test('no agent is rung for an incoming call and a transfer at once', async (t) => {
  const sol = await scene(db)
  const id = await talk(db, sol)
  const first = await callsIn(db, sol, second(5), { caller: '+5521987650099' })
  t.match(first, { verdict: 'ring', endpoints: [sol.bruno.endpoint] })
  t.match(await passes(db, sol, id, second(6)), { reason: 'colleague-busy' })
  t.match(await listColleagues(db, sol.tenantId, sol.ana.agentId, second(6)), [{ agentId: sol.bruno.agentId, presence: 'busy' }])
  await callerGoes(db, first.callId, second(7), { dialStatus: 'CANCEL' })
  t.match(await passes(db, sol, id, second(8)), { outcome: 'requested' })
  await beginTransfer(db, id, moment(8))
  t.match(
    await callsIn(db, sol, second(9), { caller: '+5521987650098' }),
    { verdict: 'nobody' },
    'Ana does not ring either, because the call can return to her',
  )
  await ringNextPhone(db, id, moment(10))
  await answerTransfer(db, id, sol.bruno.endpoint, moment(12))
  t.match(await callsIn(db, sol, second(13), { caller: '+5521987650097' }), { endpoints: [sol.ana.endpoint] }, 'now Ana is free')
})

t.test('a lead who calls back reaches the agent who had the call last', async (t) => {
  const sol = await scene(db)
  const id = await talk(db, sol)
  await brunoTakesOver(db, sol, id)
  await leadLegEnds(db, id, second(60), true)
  t.match(await callsIn(db, sol, second(90)), { verdict: 'ring', stage: 'last', endpoints: [sol.bruno.endpoint] })
})

t.test('events of a call go to its agents, not to those it only rang', async (t) => {
  const sol = await scene(db)
  const id = await talk(db, sol)
  await brunoTakesOver(db, sol, id)
  await leadLegEnds(db, id, second(60), true)
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
    (await listContactCalls(db, viewer(agent), { numbers: [sol.maria.e164], contactId: sol.maria.id })).map((call) => [
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
  await brunoTakesOver(db, sol, id)
  t.match(await claims(sol.ana, second(20)), { outcome: 'empty' }, 'Ana continues with the list, and does not get Maria again')
  const entry = () =>
    db
      .selectFrom('call_list_entries')
      .selectAll()
      .where('contact_id', '=', sol.maria.id)
      .where('list_id', '=', list?.id ?? 0)
  t.match(await entry().executeTakeFirst(), { state: 'waiting', attempts: 0 })
  await leadLegEnds(db, id, second(60), true)
  t.match(await entry().executeTakeFirst(), { state: 'done', reason: 'answered' })
})
