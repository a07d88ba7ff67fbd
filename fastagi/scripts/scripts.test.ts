import t from 'tap'
import { loadConfig } from '../../domain/runtime/config.ts'
import { createLog } from '../../domain/runtime/log.ts'
import { heldClock } from '../../domain/testing/clock.ts'
import { asProcess, testDatabase } from '../../domain/testing/database.ts'
import { registers, scene } from '../../domain/testing/scene.ts'
import { books, clicks, second } from '../../domain/testing/steps.ts'
import type { AgiContext } from '../context.ts'
import { fakeAsterisk } from '../testing/fake-asterisk.ts'
import { createAgiServer } from '../server.ts'
import { agentUnreachable } from './agent-unreachable.ts'
import { answered } from './answered.ts'
import { authorize } from './authorize.ts'
import { channelGone } from './channel-gone.ts'
import { hangup } from './hangup.ts'
import { renewLease } from './renew-lease.ts'

const db = await testDatabase(t)
let now = second(0)
const log = createLog('test', 'silent')
const config = loadConfig({ RAMAL_DATABASE_URL: 'mysql://unused' })
const server = createAgiServer<AgiContext>({
  scripts: { authorize, answered, 'renew-lease': renewLease, hangup, 'agent-unreachable': agentUnreachable, 'channel-gone': channelGone },
  context: { db: await asProcess(t, db, 'fastagi'), config, clock: heldClock(() => now), log },
  log,
})
await server.listen({ host: '127.0.0.1', port: 0 })
t.teardown(() => server.close())
const asterisk = fakeAsterisk(server.address.port)
const from = (agent: { endpoint: string }) => ({ channel: `PJSIP/${agent.endpoint}-0000001a` })
const find = (id: string) => db.selectFrom('calls').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

t.test('one call, with the questions of the dialplan', async (t) => {
  const sol = await scene(db)
  await registers(db, sol.ana, second(0))
  now = second(0)
  const id = await clicks(db, sol, sol.ana, now)
  const run = await asterisk.runs('authorize', [id], from(sol.ana))
  t.equal(run.status, 'SUCCESS')
  t.match(run.variables, {
    RAMAL_VERDICT: 'allowed',
    RAMAL_CALL: id,
    RAMAL_TRUNKS: /^carrier-a\/5511987654301\/551132104\d{3}:carrier-b\/5511987654301\/551132104\d{3}$/,
    RAMAL_RING_SECONDS: '40',
    RAMAL_LIMIT_MS: '7200000',
    RAMAL_RECORDING: id,
    RAMAL_GROUP: sol.slug,
    RAMAL_GROUP_CAP: '10',
  })
  now = second(5)
  t.match((await asterisk.runs('answered', [id, 'carrier-b'], { channel: 'PJSIP/carrier-b-0000001b' })).variables, {
    RAMAL_VERDICT: 'allowed',
  })
  t.match((await asterisk.runs('renew-lease', [id], { channel: 'Local/x@renew-lease-0000;1' })).variables, { RAMAL_LEASE: 'renewed' })
  now = second(65)
  const end = ['ANSWER', '200', '16', '1', '16']
  for (let report = 0; report < 3; report++) {
    const { status, variables } = await asterisk.runs('hangup', [id, ...end], { ...from(sol.ana), dead: true })
    t.equal(status, 'SUCCESS')
    t.same(variables, {}, 'no variable is set on a dead channel')
  }
  t.match(await find(id), { state: 'ended', trunk: 'carrier-b', hung_up_by: 'lead', talk_seconds: 60, billed_seconds: 60 })
  t.same(await books(db, sol.tenantId), { balance: 3540, held: 0, ledger: 3540, leases: 0 })
})

t.test('the same call file read twice dials once', async (t) => {
  const sol = await scene(db)
  await registers(db, sol.ana, second(0))
  now = second(0)
  const id = await clicks(db, sol, sol.ana, now)
  const runs = await Promise.all([asterisk.runs('authorize', [id], from(sol.ana)), asterisk.runs('authorize', [id], from(sol.ana))])
  t.same(runs.map((run) => run.variables['RAMAL_VERDICT']).sort(), ['allowed', 'already-used'])
  const refused = runs.find((run) => run.variables['RAMAL_VERDICT'] === 'already-used')
  t.notOk(refused?.variables['RAMAL_TRUNKS'], 'the refused call gets no number')
})

t.test('an unknown phone, or one with another agent’s call id, gets a verdict and no number', async (t) => {
  const sol = await scene(db)
  const lima = await scene(db)
  await registers(db, sol.ana, second(0))
  now = second(0)
  const id = await clicks(db, sol, sol.ana, now)
  for (const channel of [
    `PJSIP/${lima.ana.endpoint}-0000001a`,
    'PJSIP/carrier-a-00000001',
    `Local/${sol.ana.endpoint}@phone-00000001;2`,
    'OutgoingSpoolFailed',
    `PJSIP/${sol.ana.endpoint}`,
  ]) {
    const { variables } = await asterisk.runs('authorize', [id], { channel })
    t.equal(variables['RAMAL_VERDICT'], 'not-yours', channel)
    t.notOk(variables['RAMAL_TRUNKS'])
  }
  t.equal((await find(id)).state, 'requested')
})

t.test('a phone can dial only numbers', async (t) => {
  now = second(0)
  const dialled: [encoded: string, verdict: string][] = [
    ['11987654321%0A5511900000000', 'invalid-number'],
    ['11987654321%26PJSIP%2Fcarrier-b', 'invalid-number'],
    ['11987654321%40evil', 'invalid-number'],
    ['11987654321%3B21', 'invalid-number'],
    ['11987654321%2C5', 'invalid-number'],
    ['1'.repeat(40), 'invalid-number'],
    ['1'.repeat(4000), 'invalid-number'],
    ['%E0%A4%A', 'invalid-number'],
    ['', 'invalid-number'],
    ['0900123456', 'destination-blocked'],
    ['%2B14155552671', 'destination-blocked'],
    ['188', 'destination-blocked'],
  ]
  const sol = await scene(db)
  for (const [encoded, verdict] of dialled) {
    const { variables } = await asterisk.runs('authorize', ['', encoded], from(sol.ana))
    t.equal(variables['RAMAL_VERDICT'], verdict, encoded.slice(0, 60))
    t.notOk(variables['RAMAL_TRUNKS'])
  }
  t.match((await asterisk.runs('authorize', ['', '11987654301'], from(sol.ana))).variables, {
    RAMAL_VERDICT: 'allowed',
    RAMAL_TRUNKS: /^carrier-a\/5511987654301\//,
    RAMAL_CALL: /^[0-9a-f]{32}$/,
  })
})

t.test('invalid arguments do no harm', async (t) => {
  const sol = await scene(db)
  for (const script of ['authorize', 'answered', 'renew-lease', 'hangup', 'agent-unreachable', 'channel-gone']) {
    for (const args of [[], ['x'], ["' or 1=1 --"], ['f'.repeat(32), 'NaN', '-1', '99999', 'x', '1e9'], ['f'.repeat(5000)]]) {
      const { status } = await asterisk.runs(script, args, from(sol.ana))
      t.equal(status, 'SUCCESS', `${script} ${args.join(',').slice(0, 20)}`)
    }
  }
  t.same(await books(db, sol.tenantId), { balance: 3600, held: 0, ledger: 3600, leases: 0 })
})

t.test('the agent’s phone did not answer', async (t) => {
  const sol = await scene(db)
  await registers(db, sol.ana, second(0))
  now = second(0)
  const id = await clicks(db, sol, sol.ana, now)
  t.equal(
    (await asterisk.runs('agent-unreachable', [id, 'NOANSWER', '0'], { channel: 'Local/wait@ring-agent-00000001;1' })).status,
    'SUCCESS',
  )
  t.match(await find(id), { state: 'unreachable', outcome: 'agent-unreachable' })
})

t.test('a channel is gone without a report: charged up to the last renewal, once', async (t) => {
  const sol = await scene(db)
  now = second(0)
  const { variables } = await asterisk.runs('authorize', ['', '11987654301'], from(sol.ana))
  const id = variables['RAMAL_CALL'] ?? ''
  await asterisk.runs('answered', [id, 'carrier-a'], { channel: 'PJSIP/carrier-a-0000001b' })
  now = second(60)
  await asterisk.runs('renew-lease', [id], { channel: 'Local/x@renew-lease-0000;1' })
  now = second(130)
  const probe = { channel: 'Local/probe@control-00000001;2' }
  const runs = await Promise.all([asterisk.runs('channel-gone', [id], probe), asterisk.runs('channel-gone', [id], probe)])
  t.same(
    runs.map((run) => run.status),
    ['SUCCESS', 'SUCCESS'],
  )
  t.match(await find(id), { state: 'lost', talk_seconds: 60, billed_seconds: 60, open_agent_id: null })
  t.same(await books(db, sol.tenantId), { balance: 3540, held: 0, ledger: 3540, leases: 0 })
})
