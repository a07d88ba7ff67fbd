import t from 'tap'
import { requestTransfer } from '../../domain/calls/transfers/transfer-steps.ts'
import { loadConfig } from '../../domain/runtime/config.ts'
import { createLog } from '../../domain/runtime/log.ts'
import { heldClock } from '../../domain/testing/clock.ts'
import { asProcess, testDatabase } from '../../domain/testing/database.ts'
import { registers, scene } from '../../domain/testing/scene.ts'
import { books, second } from '../../domain/testing/steps.ts'
import type { AgiContext } from '../context.ts'
import { fakeAsterisk } from '../testing/fake-asterisk.ts'
import { createAgiServer } from '../server.ts'
import { answered } from './answered.ts'
import { authorize } from './authorize.ts'
import { hangup } from './hangup.ts'
import { transferAnswered } from './transfer-answered.ts'
import { transferBegin } from './transfer-begin.ts'
import { transferConsult } from './transfer-consult.ts'
import { transferNext } from './transfer-next.ts'

const db = await testDatabase(t)
let now = second(0)
const log = createLog('test', 'silent')
const scripts = {
  authorize,
  answered,
  hangup,
  'transfer-begin': transferBegin,
  'transfer-consult': transferConsult,
  'transfer-next': transferNext,
  'transfer-answered': transferAnswered,
}
const config = loadConfig({ RAMAL_DATABASE_URL: 'mysql://unused' })
const server = createAgiServer<AgiContext>({
  scripts,
  context: { db: await asProcess(t, db, 'fastagi'), config, clock: heldClock(() => now), log },
  log,
})
await server.listen({ host: '127.0.0.1', port: 0 })
t.teardown(() => server.close())
const asterisk = fakeAsterisk(server.address.port)
const from = (agent: { endpoint: string }) => ({ channel: `PJSIP/${agent.endpoint}-0000001a`, uniqueId: '1.1' })
const lead = { channel: 'PJSIP/carrier-a-0000001b', uniqueId: '1.2' }
const control = { channel: 'Local/transfer@control-00000001;2' }
const find = (id: string) => db.selectFrom('calls').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

t.test('one transfer, with the questions of the dialplan', async (t) => {
  const sol = await scene(db)
  for (const agent of [sol.ana, sol.bruno]) await registers(db, agent, second(0))
  now = second(0)
  const id = (await asterisk.runs('authorize', ['', '11987654301'], from(sol.ana))).variables['RAMAL_CALL'] ?? ''
  await asterisk.runs('answered', [id, 'carrier-a'], lead)
  t.match(await find(id), { lead_channel: lead.channel, lead_unique_id: '1.2' }, 'the lead’s own leg is known from its answer on')
  t.match((await asterisk.runs('transfer-begin', [id], control)).variables, { RAMAL_VERDICT: 'already-used' }, 'without a request')
  t.match((await asterisk.runs('transfer-next', [id], lead)).variables, { RAMAL_VERDICT: 'unavailable' })

  now = second(30)
  await requestTransfer(db, sol.tenantId, sol.ana.agentId, id, sol.bruno.agentId, 'blind', now)
  t.match((await asterisk.runs('transfer-begin', [id], control)).variables, { RAMAL_VERDICT: 'allowed' })
  await asterisk.runs('hangup', [id, 'ANSWER', '200', '16', '1', '16'], { ...from(sol.ana), dead: true })
  t.equal((await find(id)).state, 'answered')
  t.match((await asterisk.runs('transfer-next', [id], lead)).variables, {
    RAMAL_VERDICT: 'allowed',
    RAMAL_PHONE: sol.bruno.endpoint,
    RAMAL_RING_AGENT: '25',
    RAMAL_LEFT_SECONDS: '7170',
    RAMAL_GROUP: sol.slug,
  })
  for (const stranger of [from(sol.ana), lead, { channel: `Local/${sol.bruno.endpoint}@x-00000001;2` }])
    t.match(
      (await asterisk.runs('transfer-answered', [id], stranger)).variables,
      { RAMAL_VERDICT: 'not-yours' },
      `${stranger.channel} was not rung`,
    )
  now = second(35)
  t.match((await asterisk.runs('transfer-answered', [id], from(sol.bruno))).variables, { RAMAL_VERDICT: 'allowed' })
  now = second(90)
  for (let report = 0; report < 2; report++) await asterisk.runs('hangup', [id, 'ANSWER', '', '', '1', ''], { ...lead, dead: true })
  t.match(await find(id), { state: 'ended', hung_up_by: 'lead', talk_seconds: 90, billed_seconds: 90 })
  t.same(await books(db, sol.tenantId), { balance: 3510, held: 0, ledger: 3510, leases: 0 })
})

t.test('one consultation, with the questions of the dialplan', async (t) => {
  const sol = await scene(db)
  for (const agent of [sol.ana, sol.bruno]) await registers(db, agent, second(0))
  now = second(0)
  const id = (await asterisk.runs('authorize', ['', '11987654301'], from(sol.ana))).variables['RAMAL_CALL'] ?? ''
  await asterisk.runs('answered', [id, 'carrier-a'], lead)
  now = second(30)
  await requestTransfer(db, sol.tenantId, sol.ana.agentId, id, sol.bruno.agentId, 'attended', now)
  t.match((await asterisk.runs('transfer-begin', [id], control)).variables, {
    RAMAL_VERDICT: 'allowed',
    RAMAL_KIND: 'attended',
    RAMAL_AGENT_CHANNEL: from(sol.ana).channel,
    RAMAL_LEFT_SECONDS: '7170',
  })
  t.match((await asterisk.runs('transfer-consult', [id], lead)).variables, { RAMAL_VERDICT: 'unavailable' })
  t.match((await asterisk.runs('transfer-consult', [id], from(sol.ana))).variables, {
    RAMAL_VERDICT: 'allowed',
    RAMAL_PHONE: sol.bruno.endpoint,
    RAMAL_RING_AGENT: '25',
  })
})

t.test('invalid arguments do no harm', async (t) => {
  for (const script of ['transfer-begin', 'transfer-consult', 'transfer-next', 'transfer-answered']) {
    for (const args of [[], ['x'], ["' or 1=1 --"], ['f'.repeat(32)], ['f'.repeat(5000)]]) {
      const { status, variables } = await asterisk.runs(script, args, lead)
      t.equal(status, 'SUCCESS')
      t.not(variables['RAMAL_VERDICT'], 'allowed')
    }
  }
})
