import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { billedSeconds, wholeSeconds } from '../../domain/balance/billing-rule.ts'
import { writeCallFile, writeHangupFile, writeProbeFile } from '../../domain/telephony/call-files.ts'
import { billingRuleOf } from '../../domain/tenants/tenants.ts'
import { registers } from '../../domain/testing/scene.ts'
import { Crowd, hireCrowd } from './crowd.ts'
import { SipPhone } from './sip-phone.ts'
import { raiseStage } from './stage.ts'
import { until } from './until.ts'

const stage = await raiseStage(t, 'unreported', { browser: false })
const { db, stack } = stage
const elisa = await stage.agent('elisa', 'auto-lima')
const phone = await SipPhone.of(t, stage, elisa)
const lease = (callId: string) => db.selectFrom('leases').selectAll().where('call_id', '=', callId).executeTakeFirstOrThrow()
/** The promise is two minutes; these tests notice the start a little late, and print the time. */
const settlesWithinMs = 240_000

t.test('twenty calls that end while the AGI server is dead are each charged once, to the second, from the event log', async (t) => {
  const tenantId = await stage.tenantId()
  // Not recorded, so that only the event log has their ends.
  await db
    .updateTable('tenants')
    .set({ max_calls: 20, max_calls_per_second: 20, records_calls: false })
    .where('id', '=', tenantId)
    .execute()
  const before = await stage.books()
  const agents = await hireCrowd(db, tenantId, 20, stack.env.RAMAL_SIP_DOMAIN)
  const crowd = await Crowd.gather(stack)
  t.teardown(() => crowd.disband())
  // The lead ends every other call, after the seconds in the number. The first ends long after the last is answered, also on a slow machine.
  const plan = agents.map((agent, n) => {
    const endsAfter = 45 + n / 2
    const byLead = n % 2 === 0
    const number = `+5511970${byLead ? endsAfter : '00'}${String(n).padStart(4, '0')}`
    return { agent, number, talkMs: (byLead ? 90 : endsAfter) * 1000 }
  })
  const over = crowd.dials(plan, { perSecond: 5 })
  const calls = () => db.selectFrom('calls').selectAll().where('tenant_id', '=', tenantId).execute()
  const ticked = async () => (await db.selectFrom('leases').select('call_id').where('talked_seconds', '>', 0).execute()).length
  await until('every call to be placed and not be ringing', async () => {
    const rows = await calls()
    return rows.length === plan.length && rows.every((call) => call.state !== 'authorized')
  })
  await until(
    'the first tick of every call, or an end',
    async () => (await ticked()) === plan.length || (await calls()).some((call) => call.ended_at),
  )
  await stack.fastagi.kill9()
  t.same(
    (await calls()).map((call) => `${call.e164} ${call.state} ${call.outcome ?? ''}`.trim()).sort(),
    plan.map(({ number }) => `${number} answered`).sort(),
    'all twenty talk',
  )
  await over
  const overAt = performance.now()
  const settled = await until(
    'every call to be settled',
    async () => {
      const rows = await calls()
      return rows.every((call) => call.state !== 'answered') && rows
    },
    settlesWithinMs,
  )
  console.error(`unreported: settled ${((performance.now() - overAt) / 1000).toFixed(1)} s after the last hang-up`)
  await until('the carrier’s record of the call', () => stack.carrier.calls().length === plan.length)
  for (const call of settled) {
    const carrier = stack.carrier.calls().find(({ number }) => `+${number}` === call.e164)
    t.match(call, { state: 'lost', outcome: 'answered', billed_seconds: billedSeconds(call.talk_seconds, billingRuleOf(call)) })
    t.ok(
      Math.abs(call.talk_seconds - wholeSeconds(carrier?.talkMs ?? 0)) <= 1,
      `${carrier?.talkMs} ms by the carrier’s clock, ${call.talk_seconds} s by ours`,
    )
  }
  const charges = await db.selectFrom('ledger_entries').select('call_id').where('kind', '=', 'charge').execute()
  t.same(charges.map((entry) => entry.call_id).sort(), settled.map((call) => call.id).sort(), 'each is charged once')
  const left = before.balance - settled.reduce((sum, call) => sum + call.billed_seconds, 0)
  await stack.fastagi.start()
  t.same(await stage.books(), { balance: left, held: 0, ledger: left, leases: 0 })
})

t.test('a call that ends while the database is dead is charged to the second afterwards', async (t) => {
  const over = phone.dials('11987654302')
  const { id } = await until('the call', async () => db.selectFrom('calls').selectAll().where('agent_id', '=', elisa.id).executeTakeFirst())
  await stage.callIs(id, ['answered'])
  await stack.mariadb.kill9()
  t.ok(await over, 'the call continued until the lead hung up')
  await stack.mariadb.start()
  const call = await stage.callIs(id, ['lost'], settlesWithinMs)
  const carrier = await until('the carrier’s record of the call', () => stack.carrier.calls().at(-1))
  t.ok(
    Math.abs(wholeSeconds(carrier.talkMs) - call.talk_seconds) <= 1,
    `${carrier.talkMs} ms by the carrier’s clock, ${call.talk_seconds} s by ours`,
  )
  t.equal(call.billed_seconds, 30)
  t.match(await stage.books('auto-lima'), { held: 0, leases: 0 })
})

t.test('a probe does not end a call in progress, nor does an order for another channel', async (t) => {
  const previous = (await stage.newestCall()).id
  const over = phone.dials('1133334310')
  const { id, channel, unique_id } = await until('the call to be answered', async () => {
    const call = await stage.newestCall()
    return call.id !== previous && call.state === 'answered' && call
  })
  const agent = { channel: channel ?? '', uniqueId: unique_id ?? '' }
  const spoolDir = stack.env.RAMAL_SPOOL_DIR
  const outgoing = join(spoolDir, 'outgoing')
  const read = () => until('Asterisk to have read the file', async () => (await readdir(outgoing)).length === 0)
  await writeProbeFile(spoolDir, 1, id, agent)
  await read()
  await writeHangupFile(spoolDir, id, { ...agent, uniqueId: '1.1' })
  await read()
  t.equal((await stage.call(id)).state, 'answered')
  const { renewed_at } = await lease(id)
  await writeHangupFile(spoolDir, id, agent, { mayGoOn: true })
  await until('the call to be renewed', async () => (await lease(id)).renewed_at > renewed_at)
  t.equal((await stage.call(id)).state, 'answered', 'an order to end a call that has minutes again')
  await writeHangupFile(spoolDir, id, agent)
  t.ok(await over)
  t.match(await stage.callIs(id, ['ended']), { outcome: 'answered' }, 'its own order ended it, and the end was reported')
  await writeProbeFile(spoolDir, 1, id, agent)
  await read()
  t.equal((await stage.call(id)).state, 'ended', 'and a late probe changes nothing')
})

t.test('after a kill of Asterisk the call is charged up to its last renewal, and its call file is not dialled again', async (t) => {
  const before = await stage.books('auto-lima')
  const silent = await phone.awaits('silent-phone.xml', 6074)
  await registers(db, elisa)
  await registers(db, phone.credential, new Date(), 'sip:phone@127.0.0.8:6074;transport=tcp')
  const id = await stage.clicksElsewhere(elisa, phone.credential)
  await stage.callIs(id, ['answered'])
  const outgoing = join(stack.env.RAMAL_SPOOL_DIR, 'outgoing')
  await stack.asterisk.kill9()
  const killedAt = performance.now()
  // Asterisk leaves this file if it is killed while the phone rings.
  await writeCallFile(stack.env.RAMAL_SPOOL_DIR, id, phone.credential.endpoint)
  await stack.asterisk.start()
  const call = await stage.callIs(id, ['lost'], settlesWithinMs)
  console.error(`unreported: settled ${Math.round((performance.now() - killedAt) / 1000)} s after Asterisk was killed`)
  t.ok(call.talk_seconds <= 1, `${call.talk_seconds} s: the first tick came with the answer, and was the last`)
  t.same(await stage.books('auto-lima'), before, 'nothing is charged or reserved')
  t.equal(stage.invitesTo('+5511987654301').length, 1)
  t.same(await readdir(outgoing), [])
  t.notOk(await silent.ended, 'Asterisk sent the phone no BYE')
})
