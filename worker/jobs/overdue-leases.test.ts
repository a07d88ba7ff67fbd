import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { topUp } from '../../domain/balance/ledger.ts'
import { markAnswered } from '../../domain/calls/outgoing/answer.ts'
import { renewLease } from '../../domain/calls/outgoing/renew-lease.ts'
import { inTransaction } from '../../domain/database/transaction.ts'
import { lockTenant } from '../../domain/tenants/tenants.ts'
import { testBoot } from '../../domain/testing/clock.ts'
import { testDatabase } from '../../domain/testing/database.ts'
import { scene } from '../../domain/testing/scene.ts'
import { asks, books, hangsUp, moment, second } from '../../domain/testing/steps.ts'
import { jobContext } from '../testing.ts'
import { overdueLeases } from './overdue-leases.ts'

const db = await testDatabase(t)
const context = await jobContext(t, db)
const outgoing = join(context.config.spoolDir, 'outgoing')
const buys = (tenantId: number, seconds: number) =>
  inTransaction(db, async (trx) => {
    await lockTenant(trx, tenantId)
    await topUp(trx, tenantId, seconds, { reason: '', author: 'test' }, second(120))
  })
const find = (id: string) => db.selectFrom('calls').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

t.test('Asterisk ends a call that outlasts its lease, once, and its own report settles it', async (t) => {
  const sol = await scene(db)
  const { callId } = await asks(db, sol.ana, '', second(0), '11987654301')
  await markAnswered(db, callId, 'carrier-a', moment(0))
  await overdueLeases.run(context.at(second(119.1)))
  t.same(await readdir(outgoing), [], 'the worker waits for the tick')
  await overdueLeases.run(context.at(second(119.3)))
  await overdueLeases.run(context.at(second(119.8)))
  t.same(await readdir(outgoing), [`${callId}.hangup.call`])
  t.match(
    await readFile(join(outgoing, `${callId}.hangup.call`), 'utf8'),
    new RegExp(`^Setvar: RAMAL_CHANNEL=PJSIP/${sol.ana.endpoint}-0000001a$`, 'm'),
  )
  await hangsUp(db, callId, second(119.9))
  t.match(await find(callId), { state: 'ended', hung_up_by: 'network', billed_seconds: 120 })
  t.same(await books(db, sol.tenantId), { balance: 3480, held: 0, ledger: 3480, leases: 0 })
})

t.test('after a top-up while Asterisk was stopped, Asterisk asks again before it ends the call, and the call continues', async (t) => {
  const sol = await scene(db, { balanceSeconds: 120 })
  const { callId } = await asks(db, sol.ana, '', second(0), '11987654301')
  await markAnswered(db, callId, 'carrier-a', moment(0))
  await renewLease(db, callId, moment(60))
  const order = () => readFile(join(outgoing, `${callId}.hangup.call`), 'utf8')
  await overdueLeases.run(context.at(second(119.3)))
  t.notMatch(await order(), 'RAMAL_MAY_GO_ON', 'a call without minutes ends at once')
  await buys(sol.tenantId, 600)
  await overdueLeases.run(context.at(second(124.5)))
  t.match(await order(), /^Setvar: RAMAL_MAY_GO_ON=1$/m)
  t.same(await renewLease(db, callId, moment(124.6)), { endsInSeconds: null, tenantId: sol.tenantId })
  await overdueLeases.run(context.at(second(126)))
  await hangsUp(db, callId, second(130))
  t.match(await find(callId), { state: 'ended', talk_seconds: 130, billed_seconds: 132, hung_up_by: 'agent' })
})

t.test('a call that still rings when its lease runs out is ended: an answer could not extend it', async (t) => {
  const sol = await scene(db)
  const { callId } = await asks(db, sol.ana, '', second(0), '11987654301')
  const { expires_at } = await db.selectFrom('leases').selectAll().where('call_id', '=', callId).executeTakeFirstOrThrow()
  await overdueLeases.run(context.at(expires_at))
  t.notMatch(await readFile(join(outgoing, `${callId}.hangup.call`), 'utf8'), 'RAMAL_MAY_GO_ON')
})

t.test('a call that uses no minutes is not ended for missing ticks', async (t) => {
  const sol = await scene(db)
  const { callId } = await asks(db, sol.ana, '', second(0), '190')
  await overdueLeases.run(context.at(second(400)))
  t.equal((await find(callId)).state, 'authorized', 'the police are still being called')
  await markAnswered(db, callId, 'carrier-a', moment(401))
  await overdueLeases.run(context.at(second(2000)))
  t.notOk((await readdir(outgoing)).includes(`${callId}.hangup.call`))
  t.equal((await find(callId)).state, 'answered')
  await hangsUp(db, callId, second(2001))
  t.match(await find(callId), { state: 'ended', talk_seconds: 1600, billed_seconds: 0 })
})

t.test('a call without reports is settled as lost, once, by two workers at once', async (t) => {
  const sol = await scene(db)
  const { callId } = await asks(db, sol.ana, '', second(0), '11987654301')
  await markAnswered(db, callId, 'carrier-a', moment(0))
  await Promise.all([overdueLeases.run(context.at(second(126))), overdueLeases.run(context.at(second(126)))])
  t.match(
    await find(callId),
    { state: 'lost', talk_seconds: 0, billed_seconds: 0, open_agent_id: null },
    'no sign of life after the answer',
  )
  t.same(await books(db, sol.tenantId), { balance: 3600, held: 0, ledger: 3600, leases: 0 })
})

t.test('the wall clock jumps an hour forward: calls stay up, and still end when their lease runs out', async (t) => {
  const sol = await scene(db, { balanceSeconds: 120 })
  const at = (wallSeconds: number, steadySeconds: number) => ({
    now: second(wallSeconds),
    uptime: { boot: testBoot, ms: steadySeconds * 1000 },
  })
  const { callId } = await asks(db, sol.ana, '', second(0), '11987654301')
  await markAnswered(db, callId, 'carrier-a', at(0, 0))
  const orders = async () => (await readdir(outgoing)).filter((name) => name.startsWith(callId))
  await overdueLeases.run(context.at(second(3630), 30_000))
  await renewLease(db, callId, at(3660, 60))
  await overdueLeases.run(context.at(second(3719), 119_000))
  t.same(await orders(), [])
  await overdueLeases.run(context.at(second(3719.3), 119_300))
  t.same(await orders(), [`${callId}.hangup.call`])
  await overdueLeases.run(context.at(second(3726), 126_000))
  t.match(await find(callId), { state: 'lost', talk_seconds: 60 })
})

t.test('the machine restarted during a call: the wall clock decides about its lease', async (t) => {
  const sol = await scene(db)
  const { callId } = await asks(db, sol.ana, '', second(0), '11987654301')
  await markAnswered(db, callId, 'carrier-a', { now: second(0), uptime: { boot: 'f'.repeat(36), ms: 9_000_000 } })
  await overdueLeases.run(context.at(second(126), 40_000))
  t.match(await find(callId), { state: 'lost', billed_seconds: 0 })
  t.same(await books(db, sol.tenantId), { balance: 3600, held: 0, ledger: 3600, leases: 0 })
})
