import { join } from 'node:path'
import t from 'tap'
import { writeProbeFile } from '../../domain/call-files.ts'
import { Crowd, hireCrowd } from './crowd.ts'
import { SipPhone } from './sip-phone.ts'
import { raiseStage } from './stage.ts'
import { until } from './until.ts'

const stage = await raiseStage(t, 'silence', { browser: false })
const { db, stack } = stage

/** Rule of this test: blocks of six seconds from the first, so that small minutes are all held. */
await db.updateTable('tenants').set({ first_block_seconds: 6, next_block_seconds: 6, free_seconds: 0 }).execute()

/** The carrier's own clock of the only call to a number, once it is over. */
async function carried(number: string) {
  return until('the carrier to close its books', () => stack.carrier.calls().find((call) => call.number === number))
}

t.test('a call with no audio from either side is ended by the media time-out, before what is held runs out', async (t) => {
  await stage.hasMinutes(36)
  const phone = await SipPhone.of(t, stage, await stage.agent('bruno'))
  t.ok(await phone.dials('1133334311'), 'the call was answered, and ended from our side')
  const call = await stage.callIs((await stage.newestCall()).id, ['ended'])
  const { talkMs } = await carried('551133334311')
  t.ok(talkMs >= 29_000 && talkMs < 36_000, `${talkMs} ms of silence for the carrier, 36 s were held`)
  // Both legs are silent: one time-out fires first, and Asterisk tells that of the lead's leg like a lead who hung up.
  t.match(call, { outcome: 'answered', hung_up_by: /^(network|lead)$/ })
  t.ok(call.billed_seconds >= 30 && call.billed_seconds <= 36, `charged ${call.billed_seconds} s`)
  const left = 36 - call.billed_seconds
  t.same(await stage.books(), { balance: left, held: 0, ledger: left, leases: 0 })
})

t.test('a call whose ticks never come is ended by the worker’s watch, before what is held runs out', async (t) => {
  await stage.hasMinutes(18)
  // What PERIODIC_HOOK runs each minute is gone; the audio flows on.
  await stack.asterisk.cli('dialplan remove context renew-lease')
  const [agent] = await hireCrowd(db, await stage.tenantId(), 1, stack.env.RAMAL_SIP_DOMAIN)
  if (!agent) throw new Error('nobody was hired')
  const crowd = await Crowd.gather(stack)
  t.teardown(() => crowd.disband())
  await crowd.dials([{ agent, number: '+5511970000001', talkMs: 60_000 }], { perSecond: 1 })
  const call = await stage.callIs((await stage.newestCall()).id, ['ended'])
  const { talkMs } = await carried('5511970000001')
  // It is told to end 0.8 s before.
  console.error(`silence: ${talkMs} ms of talk for the carrier, 18 s were held`)
  t.ok(talkMs >= 15_000, `not long before: after ${talkMs} ms`)
  t.match(call, { outcome: 'answered', hung_up_by: 'balance', billed_seconds: 18 })
  const lease = await db.selectFrom('leases').selectAll().where('call_id', '=', call.id).executeTakeFirstOrThrow()
  t.same(lease.renewed_at, call.answered_at, 'no tick ever came')
  t.same(await stage.books(), { balance: 0, held: 0, ledger: 0, leases: 0 })
})

t.test('a probe that finds a call up is the tick that did not come', async (t) => {
  await stage.hasMinutes(600)
  const phone = await SipPhone.of(t, stage, await stage.agent('bruno'))
  const talk = phone.dials('11970081234')
  const call = await until('the talk', async () => {
    const { id, state } = await stage.newestCall()
    return state === 'answered' && stage.call(id)
  })
  const { channel, unique_id: uniqueId } = call
  if (channel === null || uniqueId === null) throw new Error('no channel')
  const leaseOf = () => db.selectFrom('leases').selectAll().where('call_id', '=', call.id).executeTakeFirstOrThrow()
  t.same((await leaseOf()).renewed_at, call.answered_at, 'no tick came')
  await writeProbeFile(join(stack.asterisk.directory, 'spool'), 1, call.id, { channel, uniqueId })
  await until('the lease to be renewed', async () => (await leaseOf()).renewed_at > (call.answered_at ?? new Date()))
  t.ok(await talk, 'and the call went on until the lead hung up')
  t.match(await stage.callIs(call.id, ['ended']), { outcome: 'answered', hung_up_by: 'lead' })
})
