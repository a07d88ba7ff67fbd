import t from 'tap'
import { testDatabase } from '../../testing/database.ts'
import { scene, type SceneAgent } from '../../testing/scene.ts'
import { books, hangsUp, moment, second } from '../../testing/steps.ts'
import { leadLegEnds, passes, talk, transferOf } from '../../testing/transfers.ts'
import { answerTransfer, beginTransfer, completeTransfer, consultedPhone, ringNextPhone } from './transfer-steps.ts'
import { findOffer } from './open-transfers.ts'

const db = await testDatabase(t)
const find = (id: string) => db.selectFrom('calls').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

t.test('Ana talks with Bruno first: she is held with her lead until she completes it, and then he has the call', async (t) => {
  const sol = await scene(db)
  const id = await talk(db, sol)
  t.match(await passes(db, sol, id, second(10), sol.ana, sol.bruno, 'attended'), { outcome: 'requested' })
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
  t.notOk(await completes(sol.bruno, second(16)), 'only Ana can complete the transfer')
  t.ok(await completes(sol.ana, second(20)))
  t.notOk(await completes(sol.ana, second(20)), 'once')
  await hangsUp(db, id, second(20))
  t.match(await ringNextPhone(db, id, moment(20)), { endpoint: sol.bruno.endpoint })
  t.match(await find(id), { open_agent_id: null })
  t.match(await answerTransfer(db, id, sol.bruno.endpoint, moment(21)), { taken: true })
  t.match(await find(id), { open_agent_id: sol.bruno.agentId })
  t.match(
    await passes(db, sol, id, second(30), sol.bruno, sol.ana, 'attended'),
    { reason: 'blind-only' },
    'his leg depends on the leg of the lead, which cannot wait for him',
  )
  await leadLegEnds(db, id, second(40), false)
  t.match(await find(id), { state: 'ended', talk_seconds: 40, hung_up_by: 'agent' })
  t.match(await books(db, sol.tenantId), { balance: 3558, held: 0, leases: 0 })
})

t.test('a consultation that is not completed brings the lead back to Ana, and never to Bruno', async (t) => {
  for (const answers of [true, false]) {
    const sol = await scene(db)
    const id = await talk(db, sol)
    await passes(db, sol, id, second(10), sol.ana, sol.bruno, 'attended')
    await beginTransfer(db, id, moment(10))
    if (answers) await answerTransfer(db, id, sol.bruno.endpoint, moment(12))
    t.match(await ringNextPhone(db, id, moment(20)), { endpoint: sol.ana.endpoint })
    t.match(await answerTransfer(db, id, sol.bruno.endpoint, moment(21)), { taken: false })
    t.match(await answerTransfer(db, id, sol.ana.endpoint, moment(21)), { taken: true })
    t.match(await transferOf(db, id), { state: 'returned', open_call_id: null })
    t.match(await find(id), { open_agent_id: sol.ana.agentId, transferred_to_agent_id: null })
    await leadLegEnds(db, id, second(30), true)
    t.match(await find(id), { state: 'ended', talk_seconds: 30, billed_seconds: 30 })
  }
})
