import t from 'tap'
import { testBoot } from '../testing/clock.ts'
import { testDatabase } from '../testing/database.ts'
import { callsIn, picksUp } from '../testing/incoming.ts'
import { registers, scene } from '../testing/scene.ts'
import { asks, books, moment, second } from '../testing/steps.ts'
import { markAnswered } from './outgoing/answer.ts'
import { endCall } from './end.ts'
import { renewLease } from './outgoing/renew-lease.ts'

const db = await testDatabase(t)
const find = (id: string) => db.selectFrom('calls').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const leaseOf = (id: string) => db.selectFrom('leases').selectAll().where('call_id', '=', id).executeTakeFirstOrThrow()
/** The steady clock counts seconds of its own, whatever the wall clock says. */
const at = (wallSeconds: number, steadySeconds: number, boot = testBoot) => ({
  now: second(wallSeconds),
  uptime: { boot, ms: 5_000_000 + steadySeconds * 1000 },
})
const hangup = (callId: string) => ({
  callId,
  uniqueId: '1.1',
  dialStatus: 'ANSWER',
  sipCode: 200,
  q850: 16,
  leadEnded: false,
  agentCause: 16,
})

for (const [jump, hour] of [
  ['forward', 3600],
  ['back', -3600],
] as const) {
  t.test(`the wall clock jumps an hour ${jump} in a call: it is charged to the second, and its lease goes on`, async (t) => {
    const sol = await scene(db)
    const { callId } = await asks(db, sol.ana, '', second(0), '11987654301')
    await markAnswered(db, callId, 'carrier-a', at(0, 0))
    const renewal = await renewLease(db, callId, at(hour + 60, 60))
    t.equal(renewal.endsInSeconds, null, 'the call is not told to end')
    t.match(await leaseOf(callId), {
      held_seconds: 180,
      talked_seconds: 60,
      renewed_at: second(hour + 60),
      expires_at: second(hour + 180),
      expires_uptime_ms: at(hour + 180, 180).uptime.ms,
    })
    await endCall(db, hangup(callId), at(hour + 70.5, 70.5))
    t.match(await find(callId), { state: 'ended', talk_seconds: 71, billed_seconds: 72, hung_up_by: 'agent' })
    t.same(await books(db, sol.tenantId), { balance: 3528, held: 0, ledger: 3528, leases: 0 })
  })
}

t.test('a probe renews an overdue lease, but not a ringing call or one without minutes', async (t) => {
  const sol = await scene(db)
  const { callId } = await asks(db, sol.ana, '', second(0), '11987654301')
  t.equal((await renewLease(db, callId, moment(66))).endsInSeconds, null, 'it rings')
  t.equal((await leaseOf(callId)).held_seconds, 120)
  await markAnswered(db, callId, 'carrier-a', moment(67))
  t.equal((await renewLease(db, callId, moment(133))).endsInSeconds, null)
  t.equal((await leaseOf(callId)).held_seconds, 186)
  await endCall(db, hangup(callId), moment(140))
  t.equal((await renewLease(db, callId, moment(199))).endsInSeconds, 0, 'a settled call gets no new lease')
  await registers(db, sol.ana, second(200))
  const incoming = await callsIn(db, sol, second(200))
  await picksUp(db, sol.ana, incoming.callId, second(205))
  t.equal((await renewLease(db, incoming.callId, moment(270))).endsInSeconds, null)
})

t.test('after a restart of the machine the steady clock cannot measure the time before, so the wall clock counts', async (t) => {
  const sol = await scene(db)
  const { callId } = await asks(db, sol.ana, '', second(0), '11987654301')
  await markAnswered(db, callId, 'carrier-a', at(0, 0))
  await endCall(db, hangup(callId), at(40, -4900, 'f'.repeat(36)))
  t.match(await find(callId), { state: 'ended', talk_seconds: 40, billed_seconds: 42 })
})
