import { join } from 'node:path'
import t from 'tap'
import { writeProbeFile, writeTransferFile } from '../../domain/telephony/call-files.ts'
import { requestTransfer } from '../../domain/calls/transfers/transfer-steps.ts'
import { registers } from '../../domain/testing/scene.ts'
import { Crowd, hireCrowd } from './crowd.ts'
import { SipPhone } from './sip-phone.ts'
import { raiseStage } from './stage.ts'
import { until } from './until.ts'

const stage = await raiseStage(t, 'silence', { browser: false })
const { db, stack } = stage
await stage.takesSippForBrowsers()

/** Blocks of six seconds from the start, so that small balances can be reserved completely. */
await db.updateTable('tenants').set({ first_block_seconds: 6, next_block_seconds: 6, free_seconds: 0 }).execute()

/** The carrier's record of the only call to a number, once it has ended. */
async function carried(number: string) {
  return until('the carrier’s record of the call', () => stack.carrier.calls().find((call) => call.number === number))
}

async function hire(company: string) {
  const [agent] = await hireCrowd(db, await stage.tenantId(company), 1, stack.env.RAMAL_SIP_DOMAIN)
  if (!agent) throw new Error('the company has no agent')
  return agent
}

async function talkWith(e164: string) {
  return until('the talk', async () => {
    const call = await stage.newestCall()
    return call.e164 === e164 && call.state === 'answered' && call
  })
}

t.test('the media time-out ends a call without audio from either side before its lease ends', async (t) => {
  await stage.hasMinutes(36)
  const phone = await SipPhone.of(t, stage, await stage.agent('bruno'))
  t.ok(await phone.dials('1133334311'), 'the call was answered, and our side ended it')
  const call = await stage.callIs((await stage.newestCall()).id, ['ended'])
  const { talkMs } = await carried('551133334311')
  t.ok(talkMs >= 29_000 && talkMs < 36_000, `${talkMs} ms of silence at the carrier, with 36 s reserved`)
  // Both legs are silent, and either time-out may fire first.
  t.match(call, { outcome: 'answered', hung_up_by: 'network' })
  t.ok(call.billed_seconds >= 30 && call.billed_seconds <= 36, `charged ${call.billed_seconds} s`)
  const left = 36 - call.billed_seconds
  t.same(await stage.books(), { balance: left, held: 0, ledger: left, leases: 0 })
})

t.test('the worker ends a call without ticks before its lease ends', async (t) => {
  await stage.hasMinutes(18)
  // Remove what PERIODIC_HOOK runs; the audio continues.
  await stack.asterisk.cli('dialplan remove context renew-lease')
  const agent = await hire('padaria-sol')
  const crowd = await Crowd.gather(stack)
  t.teardown(() => crowd.disband())
  await crowd.dials([{ agent, number: '+5511970000001', talkMs: 60_000 }], { perSecond: 1 })
  const call = await stage.callIs((await stage.newestCall()).id, ['ended'])
  const { talkMs } = await carried('5511970000001')
  // The worker ends it 0.8 s before.
  console.error(`silence: ${talkMs} ms of talk at the carrier, with 18 s reserved`)
  t.ok(talkMs >= 15_000, `not much earlier: after ${talkMs} ms`)
  t.match(call, { outcome: 'answered', hung_up_by: 'balance', billed_seconds: 18 })
  const lease = await db.selectFrom('leases').selectAll().where('call_id', '=', call.id).executeTakeFirstOrThrow()
  t.same(lease.renewed_at, call.answered_at, 'no tick ever came')
  t.same(await stage.books(), { balance: 0, held: 0, ledger: 0, leases: 0 })
})

t.test('a probe that finds a call in progress replaces the missing tick', async (t) => {
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
  t.ok(await talk, 'and the call continued until the lead hung up')
  t.match(await stage.callIs(call.id, ['ended']), { outcome: 'answered', hung_up_by: 'lead' })
})

t.test('the carrier stops sending audio while the agent speaks: hung up by the network, not the lead', async (t) => {
  await stage.hasMinutes(600, 'auto-lima')
  const agent = await hire('auto-lima')
  const crowd = await Crowd.gather(stack)
  t.teardown(() => crowd.disband())
  const number = '+5511970001234'
  const talk = crowd.dials([{ agent, number, talkMs: 60_000 }], { perSecond: 1 })
  const { id } = await talkWith(number)
  const carrier = stack.carrier.pid ?? 0
  process.kill(carrier, 'SIGSTOP')
  t.teardown(() => process.kill(carrier, 'SIGCONT'))
  const call = await stage.callIs(id, ['ended'])
  process.kill(carrier, 'SIGCONT')
  await talk
  t.match(call, { outcome: 'answered', hung_up_by: 'network', q850: 44 })
  t.ok(call.talk_seconds >= 29 && call.talk_seconds <= 40, `${call.talk_seconds} s: the talk, and the time-out`)
  // Asterisk sends OPTIONS to a trunk every 15 s, and does not dial one that did not answer.
  await until('the trunks to be reachable again', async () => !(await stack.asterisk.cli('pjsip show contacts')).includes('Unavail'))
})

t.test('after a transfer the colleague’s phone loses the sound and ends the call with that cause: hung up by the network', async (t) => {
  const bruno = await stage.agent('bruno')
  const phone = await SipPhone.of(t, stage, bruno)
  const colleague = await phone.awaits('giving-up-phone.xml', 6075)
  await registers(db, bruno, new Date(), `sip:${bruno.endpoint}@127.0.0.8:6075;transport=tcp`)
  const ana = await stage.agent('ana')
  const dialled = (await SipPhone.of(t, stage, ana)).dials('11970091234')
  const { id } = await talkWith('+5511970091234')
  const asked = await requestTransfer(db, ana.tenant_id, ana.id, id, bruno.id, 'blind', new Date())
  if (asked?.outcome !== 'requested') throw new Error(JSON.stringify(asked))
  await writeTransferFile(stack.env.RAMAL_SPOOL_DIR, id, asked.leadLeg)
  t.ok(await dialled, 'the first agent’s phone is released')
  t.ok(await colleague.ended)
  t.match(await stage.callIs(id, ['ended']), { outcome: 'answered', hung_up_by: 'network', transferred_to_agent_id: bruno.id })
  await db.deleteFrom('ps_contacts').execute()
})

t.test('the phone in an incoming call stops sending audio: hung up by the network, not the agent', async (t) => {
  const bruno = await stage.agent('bruno')
  const phone = await SipPhone.of(t, stage, bruno)
  const silent = await phone.awaits('silent-phone.xml', 6076)
  await registers(db, bruno, new Date(), `sip:${bruno.endpoint}@127.0.0.8:6076;transport=tcp`)
  stack.carrier.callCustomer('551132104000', '5521987650099')
  const { id } = await until('the call to have come in', async () => {
    const call = await stage.newestCall()
    return call.origin === 'incoming' && call
  })
  t.match(await stage.callIs(id, ['ended']), { outcome: 'answered', hung_up_by: 'network', agent_id: bruno.id })
  t.ok(await silent.ended)
})
