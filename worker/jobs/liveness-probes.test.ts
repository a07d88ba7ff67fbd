import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { markAnswered } from '../../domain/calls/outgoing/answer.ts'
import { settleUnreportedCall } from '../../domain/calls/reconcile/unreported-calls.ts'
import { renewLease } from '../../domain/calls/outgoing/renew-lease.ts'
import { testBoot } from '../../domain/testing/clock.ts'
import { testDatabase } from '../../domain/testing/database.ts'
import { callsIn, picksUp } from '../../domain/testing/incoming.ts'
import { registers, scene } from '../../domain/testing/scene.ts'
import { asks, books, hangsUp, moment, second } from '../../domain/testing/steps.ts'
import { jobContext } from '../testing.ts'
import { livenessProbes } from './liveness-probes.ts'

const db = await testDatabase(t)
const context = await jobContext(t, db)
const outgoing = join(context.config.spoolDir, 'outgoing')
const worker = livenessProbes(1)
const another = livenessProbes(2)
const asked = async () => (await readdir(outgoing)).filter((name) => name.includes('.probe-'))
const find = (id: string) => db.selectFrom('calls').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

/** A call that was answered at once and renewed after a minute. */
async function renewed() {
  const sol = await scene(db)
  const { callId } = await asks(db, sol.ana, '', second(0), '11987654301')
  await markAnswered(db, callId, 'carrier-a', moment(0))
  await renewLease(db, callId, moment(60))
  return { sol, callId }
}

t.test('a renewed call is not probed; a silent one is, by its own channel', async (t) => {
  const { sol, callId } = await renewed()
  await worker.run(context.at(second(125)))
  t.same(await asked(), [])
  await worker.run(context.at(second(127)))
  const [file = ''] = await asked()
  t.match(
    await readFile(join(outgoing, file), 'utf8'),
    `Channel: Local/probe@control
MaxRetries: 0
Application: NoOp
Setvar: RAMAL_CALL=${callId}
Setvar: RAMAL_CHANNEL=PJSIP/${sol.ana.endpoint}-0000001a
Setvar: RAMAL_UNIQUE_ID=1.1
`,
  )
  await rm(join(outgoing, file))
  await worker.run(context.at(second(138)))
  t.same(await asked(), [], 'Asterisk has read it and found the call alive')
  await worker.run(context.at(second(140)))
  t.same((await asked()).length, 1, 'and is asked again later')
  t.equal((await find(callId)).state, 'answered')
  await hangsUp(db, callId, second(141))
  await rm(join(outgoing, file))
})

t.test('Asterisk does not read the probe: it is down, and the call is charged up to its last renewal, once', async (t) => {
  const { sol, callId } = await renewed()
  for (const at of [127, 138]) await Promise.all([worker.run(context.at(second(at))), another.run(context.at(second(at)))])
  t.equal((await find(callId)).state, 'answered')
  await Promise.all([worker.run(context.at(second(139.5))), another.run(context.at(second(139.5)))])
  t.match(await find(callId), { state: 'lost', talk_seconds: 60, billed_seconds: 60, open_agent_id: null })
  t.same(await asked(), [], 'the probe files are withdrawn')
  t.same(await books(db, sol.tenantId), { balance: 3540, held: 0, ledger: 3540, leases: 0 })
})

t.test('a call that rang when Asterisk went down costs nothing', async (t) => {
  const sol = await scene(db)
  const { callId } = await asks(db, sol.ana, '', second(0), '11987654301')
  await worker.run(context.at(second(67)))
  await worker.run(context.at(second(80)))
  t.match(await find(callId), { state: 'lost', outcome: 'our-failure', billed_seconds: 0 })
  t.same(await books(db, sol.tenantId), { balance: 3600, held: 0, ledger: 3600, leases: 0 })
})

t.test('the wall clock jumps: no call is probed early or forgotten', async (t) => {
  for (const jump of [3600, -3600]) {
    const sol = await scene(db)
    const { callId } = await asks(db, sol.ana, '', second(0), '11987654301')
    await markAnswered(db, callId, 'carrier-a', { now: second(0), uptime: { boot: testBoot, ms: 1_000_000 } })
    await worker.run(context.at(second(jump + 30), 1_030_000))
    t.same(await asked(), [], `${jump} s, after half a minute`)
    await worker.run(context.at(second(jump + 70), 1_070_000))
    t.equal((await asked()).length, 1, `${jump} s, after more than a minute`)
    await worker.run(context.at(second(jump + 83), 1_083_000))
    t.match(await find(callId), { state: 'lost', talk_seconds: 0 })
  }
})

t.test('an incoming call has no lease: it is probed each minute, and frees its agent after its end', async (t) => {
  for (const file of await asked()) await rm(join(outgoing, file))
  const sol = await scene(db)
  await registers(db, sol.ana, second(0))
  const { callId } = await callsIn(db, sol, second(0))
  await picksUp(db, sol.ana, callId, second(5))
  const own = async () => {
    const texts = await Promise.all((await asked()).map((file) => readFile(join(outgoing, file), 'utf8')))
    return texts.filter((text) => text.includes(callId)).length
  }
  await worker.run(context.at(second(60)))
  t.equal(await own(), 0)
  await worker.run(context.at(second(70)))
  t.equal(await own(), 1)
  for (const file of await asked()) await rm(join(outgoing, file))
  await renewLease(db, callId, moment(70))
  for (const at of [83, 100, 130]) await worker.run(context.at(second(at)))
  t.equal(await own(), 0, 'alive: left alone for a minute')
  await worker.run(context.at(second(140)))
  t.equal(await own(), 1)
  await worker.run(context.at(second(153)))
  t.match(
    await find(callId),
    { state: 'lost', outcome: 'answered', open_agent_id: null, billed_seconds: 0 },
    'Asterisk did not read the probe',
  )
})

t.test('the answer to a question about an incoming call is lost, and the worker is restarted: the call is settled in time', async (t) => {
  for (const file of await asked()) await rm(join(outgoing, file))
  const sol = await scene(db)
  await registers(db, sol.ana, second(0))
  const { callId } = await callsIn(db, sol, second(0))
  await picksUp(db, sol.ana, callId, second(5))
  await renewLease(db, callId, moment(66))
  // Asterisk is killed and started again at 67. It reads each question; the AGI server hears of the second only.
  const reads = async () => {
    const own = (await asked()).filter((file) => file.startsWith(callId))
    for (const file of own) await rm(join(outgoing, file))
    return own.length
  }
  await worker.run(context.at(second(131)))
  t.equal(await reads(), 0)
  await worker.run(context.at(second(133)))
  t.equal(await reads(), 1, 'the probe was read, and its answer was lost')
  const restarted = livenessProbes(3)
  await restarted.run(context.at(second(135)))
  t.equal(await reads(), 1, 'the worker that was restarted asks at once')
  await restarted.run(context.at(second(148)))
  t.equal(await reads(), 1, 'it probes again, because no renewal came')
  await settleUnreportedCall(db, callId, moment(148))
  t.match(await find(callId), { state: 'lost', open_agent_id: null })
})
