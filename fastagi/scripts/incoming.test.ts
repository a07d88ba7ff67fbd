import t from 'tap'
import { loadConfig } from '../../domain/runtime/config.ts'
import { createLog } from '../../domain/runtime/log.ts'
import { heldClock } from '../../domain/testing/clock.ts'
import { asProcess, testDatabase } from '../../domain/testing/database.ts'
import { numberOf } from '../../domain/testing/incoming.ts'
import { registers, scene } from '../../domain/testing/scene.ts'
import { second } from '../../domain/testing/steps.ts'
import type { AgiContext } from '../context.ts'
import { fakeAsterisk } from '../testing/fake-asterisk.ts'
import { createAgiServer } from '../server.ts'
import { incomingAnswered } from './incoming-answered.ts'
import { incomingEnded } from './incoming-ended.ts'
import { incoming } from './incoming.ts'
import { ringNext } from './ring-next.ts'

const db = await testDatabase(t)
let now = second(0)
const log = createLog('test', 'silent')
const config = loadConfig({ RAMAL_DATABASE_URL: 'mysql://unused' })
const server = createAgiServer<AgiContext>({
  scripts: { incoming, 'ring-next': ringNext, 'incoming-answered': incomingAnswered, 'incoming-ended': incomingEnded },
  context: { db: await asProcess(t, db, 'fastagi'), config, clock: heldClock(() => now), log },
  log,
})
await server.listen({ host: '127.0.0.1', port: 0 })
t.teardown(() => server.close())
const asterisk = fakeAsterisk(server.address.port)
const trunk = { channel: 'PJSIP/carrier-a-0000001a', uniqueId: '7.1' }
const from = (agent: { endpoint: string }) => ({ channel: `PJSIP/${agent.endpoint}-0000001b` })
const find = (id: string) => db.selectFrom('calls').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const encoded = encodeURIComponent

t.test('an incoming call, with the questions of the dialplan', async (t) => {
  const sol = await scene(db)
  for (const agent of [sol.ana, sol.bruno]) await registers(db, agent, now)
  const run = await asterisk.runs('incoming', [encoded(await numberOf(db, sol)), encoded('11 98765-4301')], trunk)
  t.match(run.variables, {
    RAMAL_VERDICT: 'ring',
    RAMAL_CALL: /^[0-9a-f]{32}$/,
    RAMAL_STAGE: 'group',
    RAMAL_RING_SECONDS: '40',
    RAMAL_CALLERID: '5511987654301',
    RAMAL_LIMIT_MS: '7200000',
    RAMAL_GROUP: sol.slug,
    RAMAL_GROUP_CAP: '10',
    RAMAL_LANGUAGE: 'pt_BR',
  })
  t.same(run.variables['RAMAL_RING']?.split(':').sort(), [sol.ana.endpoint, sol.bruno.endpoint])
  const id = run.variables['RAMAL_CALL'] ?? ''
  t.equal(run.variables['RAMAL_RECORDING'], id)
  now = second(5)
  t.match((await asterisk.runs('incoming-answered', [id], from(sol.bruno))).variables, { RAMAL_VERDICT: 'allowed' })
  t.match((await asterisk.runs('incoming-answered', [id], from(sol.ana))).variables, { RAMAL_VERDICT: 'already-used' })
  t.match(
    (await asterisk.runs('incoming-answered', [id], trunk)).variables,
    { RAMAL_VERDICT: 'already-used' },
    'an answer from a trunk does not count',
  )
  now = second(35)
  t.match((await asterisk.runs('ring-next', [id, 'group'], trunk)).variables, { RAMAL_VERDICT: 'over' })
  for (let report = 0; report < 3; report++) {
    const { status, variables } = await asterisk.runs('incoming-ended', [id, 'ANSWER', '1', '16'], { ...trunk, dead: true })
    t.match({ status, variables }, { status: 'SUCCESS', variables: {} })
  }
  t.match(await find(id), { state: 'ended', agent_id: sol.bruno.agentId, hung_up_by: 'agent', talk_seconds: 30, open_agent_id: null })
})

t.test('any text from a carrier is stored as text', async (t) => {
  const sol = await scene(db)
  await registers(db, sol.ana, now)
  const did = await numberOf(db, sol)
  const hostile = [
    'x\nRAMAL_VERDICT: ring',
    '"; drop table calls; --',
    '%00',
    '&PJSIP/0900@carrier-a',
    '<script>',
    '${SHELL(id)}',
    '🙂'.repeat(200),
  ]
  for (const text of hostile) {
    const stranger = await asterisk.runs('incoming', [encoded(text), encoded('11987654301')], trunk)
    t.same(stranger.variables, { RAMAL_VERDICT: 'unknown-number' }, `dialled ${text.slice(0, 30)}`)
    const { variables } = await asterisk.runs('incoming', [encoded(did), encoded(text)], trunk)
    t.match(variables, { RAMAL_VERDICT: 'ring', RAMAL_RING: sol.ana.endpoint, RAMAL_CALLERID: /^\d{0,20}$/ }, `from ${text.slice(0, 30)}`)
    await asterisk.runs('incoming-ended', [variables['RAMAL_CALL'] ?? '', 'CANCEL', '', '16'], { ...trunk, dead: true })
  }
  t.same(await db.selectFrom('tasks').select('id').where('tenant_id', '=', sol.tenantId).execute(), [], 'no number to call back')
  for (const script of ['ring-next', 'incoming-answered'])
    t.not((await asterisk.runs(script, ["' or 1=1"], from(sol.ana))).variables['RAMAL_VERDICT'], 'allowed', script)
})
