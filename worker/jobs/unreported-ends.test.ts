import { utimes, writeFile } from 'node:fs/promises'
import t from 'tap'
import { markAnswered } from '../../domain/calls/outgoing/answer.ts'
import { renewLease } from '../../domain/calls/outgoing/renew-lease.ts'
import { rawRecordingFiles } from '../../domain/recordings/recordings.ts'
import { testDatabase } from '../../domain/testing/database.ts'
import { logsHangup, logsLeadLeg } from '../../domain/testing/event-log.ts'
import { scene } from '../../domain/testing/scene.ts'
import { asks, books, hangsUp, moment, second } from '../../domain/testing/steps.ts'
import { jobContext } from '../testing.ts'
import { unreportedEnds } from './unreported-ends.ts'

const db = await testDatabase(t)
const context = await jobContext(t, db)
const find = (id: string) => db.selectFrom('calls').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const twoWorkers = (at: Date) => Promise.all([unreportedEnds.run(context.at(at)), unreportedEnds.run(context.at(at))])

/** A call that was answered ten seconds after the beginning. */
async function talking() {
  const sol = await scene(db)
  const { callId } = await asks(db, sol.ana, '', second(0), '11987654301')
  await markAnswered(db, callId, 'carrier-a', moment(10))
  return { sol, callId }
}

t.test('an unreported hang-up is settled to the second from Asterisk’s event log', async (t) => {
  const { sol, callId } = await talking()
  await unreportedEnds.run(context.at(second(60)))
  t.equal((await find(callId)).state, 'answered', 'they still talk')
  await logsLeadLeg(db, callId, { answeredAt: second(9.9), endedAt: second(56.8) })
  await unreportedEnds.run(context.at(second(60)))
  t.equal((await find(callId)).state, 'answered', 'the report may still come')
  await twoWorkers(second(63))
  t.match(await find(callId), { state: 'lost', outcome: 'answered', talk_seconds: 47, billed_seconds: 48, open_agent_id: null })
  await hangsUp(db, callId, second(64))
  t.same(await books(db, sol.tenantId), { balance: 3552, held: 0, ledger: 3552, leases: 0 })
})

t.test('if the log has only the end of the agent’s leg, talk counts from the stored answer', async (t) => {
  const { sol, callId } = await talking()
  await db.updateTable('calls').set({ unique_id: 'agent.1' }).where('id', '=', callId).execute()
  await logsHangup(db, 'agent.1', second(57))
  await twoWorkers(second(63))
  t.match(await find(callId), { state: 'lost', talk_seconds: 47 })
  t.same(await books(db, sol.tenantId), { balance: 3552, held: 0, ledger: 3552, leases: 0 })
})

t.test('a leg whose end waited for a silent AGI server ended when the wait began', async (t) => {
  for (const [begunAt, seconds] of [
    [second(54), 44],
    [second(-4), 47],
    [second(58), 47],
  ] as const) {
    const { callId } = await talking()
    await db.updateTable('calls').set({ unique_id: callId }).where('id', '=', callId).execute()
    await logsHangup(db, callId, second(57), begunAt)
    await twoWorkers(second(63))
    t.match(await find(callId), { state: 'lost', talk_seconds: seconds }, 'an impossible time is ignored')
  }
})

t.test('if the answer about the meter and the report were both lost, nothing is charged', async (t) => {
  const { sol, callId } = await answeredOnLegs({ lead: 'lead.3', reporting: 'agent.3' })
  await logsHangup(db, 'lead.3', second(13.1))
  await logsHangup(db, 'agent.3', second(16.2))
  await twoWorkers(second(22))
  t.match(await find(callId), { state: 'lost', outcome: 'our-failure', talk_seconds: 0, billed_seconds: 0, open_agent_id: null })
  t.same(await books(db, sol.tenantId), { balance: 3600, held: 0, ledger: 3600, leases: 0 })
})

t.test('a transferred call depends on the lead’s leg, and is charged even if the log lacks other events', async (t) => {
  const { callId } = await answeredOnLegs({ lead: 'lead.4', reporting: 'lead.4' })
  await logsHangup(db, 'lead.4', second(57))
  await twoWorkers(second(63))
  t.match(await find(callId), { state: 'lost', outcome: 'answered', talk_seconds: 47, billed_seconds: 48 })
})

t.test('a call that ended before an answer costs nothing', async (t) => {
  const sol = await scene(db)
  const { callId } = await asks(db, sol.ana, '', second(0), '11987654301')
  await db.updateTable('calls').set({ unique_id: 'agent.2' }).where('id', '=', callId).execute()
  await logsHangup(db, 'agent.2', second(20))
  await twoWorkers(second(26))
  t.match(await find(callId), { state: 'lost', outcome: 'our-failure', billed_seconds: 0, open_agent_id: null })
  t.same(await books(db, sol.tenantId), { balance: 3600, held: 0, ledger: 3600, leases: 0 })
})

t.test('if the log has a gap, because the database was down, the mark on the recording gives the end', async (t) => {
  const { sol, callId } = await talking()
  const { finished } = rawRecordingFiles(context.config.monitorDir, callId)
  await writeFile(finished, '')
  await utimes(finished, second(57), second(57))
  await unreportedEnds.run(context.at(second(60)))
  t.equal((await find(callId)).state, 'answered', 'the report may still come')
  await twoWorkers(second(63))
  t.match(await find(callId), { state: 'lost', talk_seconds: 47, billed_seconds: 48 })
  t.same(await books(db, sol.tenantId), { balance: 3552, held: 0, ledger: 3552, leases: 0 })
})

t.test('a log across a jump of the wall clock is ignored: the last renewal counts', async (t) => {
  for (const [jump, seconds] of [
    ['forward', 3600],
    ['back', -3600],
  ] as const) {
    const sol = await scene(db)
    const { callId } = await asks(db, sol.ana, '', second(0), '11987654301')
    const { boot } = context.clock.uptime()
    await markAnswered(db, callId, 'carrier-a', { now: second(0), uptime: { boot, ms: 0 } })
    await renewLease(db, callId, { now: second(60), uptime: { boot, ms: 60_000 } })
    await logsLeadLeg(db, callId, { answeredAt: second(0), endedAt: second(seconds + 80) })
    await unreportedEnds.run(context.at(second(Math.max(seconds, 0) + 90), 90_000))
    t.match(await find(callId), { state: 'lost', talk_seconds: 60, billed_seconds: 60 }, jump)
  }
})

/** A call that is answered at 10 s. `lead` is its lead's leg, and the leg `reporting` is the one whose end is its own. */
async function answeredOnLegs({ lead, reporting }: { lead: string; reporting: string }) {
  const sol = await scene(db)
  const { callId } = await asks(db, sol.ana, '', second(0), '11987654301')
  const leadLeg = { channel: 'PJSIP/carrier-a-0000001b', uniqueId: lead }
  await markAnswered(db, callId, 'carrier-a', moment(10), { leadLeg })
  await db.updateTable('calls').set({ unique_id: reporting }).where('id', '=', callId).execute()
  return { sol, callId }
}
