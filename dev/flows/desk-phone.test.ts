import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { wholeSeconds } from '../../domain/balance/billing-rule.ts'
import { RawPhone } from './raw-phone.ts'
import { SipPhone } from './sip-phone.ts'
import { raiseStage } from './stage.ts'
import { until } from './until.ts'

const stage = await raiseStage(t, 'desk-phone', { browser: false })
const { stack } = stage
const phone = await SipPhone.of(t, stage, await stage.agent('bruno'))

t.test('a number dialled on a desk phone is authorised, connected and charged like a click', async (t) => {
  t.ok(await phone.dials('11987654302'), 'João answers and hangs up after 5 s')
  const { id } = await stage.newestCall()
  const call = await stage.callIs(id, ['ended'])
  t.match(call, {
    origin: 'phone',
    outcome: 'answered',
    hung_up_by: 'lead',
    trunk: 'carrier-a',
    billed_seconds: 30,
    e164: '+5511987654302',
  })
  const [invite] = stage.invitesTo('+5511987654302')
  t.match(invite, { callerId: '551132104000', trunk: 'carrier-a' }, 'the carrier sees the company’s number')
  t.same(await stage.books(), { balance: 17_970, held: 0, ledger: 17_970, leases: 0 })
  const written = await until('the event log of both legs', async () => {
    const rows = await stage.db.selectFrom('cel').select(['eventtype', 'channame']).execute()
    return rows.filter(({ eventtype, channame }) => eventtype === 'HANGUP' && channame.startsWith('PJSIP/')).length === 2 && rows
  })
  t.same(
    written.filter(({ channame }) => channame.includes('@asking')),
    [],
    'its AGI questions leave no rows there',
  )
})

t.test('a phone that registers again within the same second stays registered', async (t) => {
  const desk = await RawPhone.connect(t, { stack, wire: 'tcp', credential: phone.credential })
  const registration = { contacts: [`${desk.contact};expires=300`] }
  // Asterisk stores a registration's expiry in seconds, so the second REGISTER changes no column.
  await pause(1000 - (Date.now() % 1000))
  const heard = [await desk.registers(registration), await desk.registers(registration), await desk.registers(registration)]
  for (const answer of heard) t.match(answer, new RegExp(`^SIP/2.0 200[^]*Contact: <sip:${phone.credential.endpoint}@`))
  const contacts = await stage.db.selectFrom('ps_contacts').select('id').where('endpoint', '=', phone.credential.endpoint).execute()
  t.equal(contacts.length, 1)
  await desk.registers({ contacts: [`${desk.contact};expires=0`] })
})

t.test('a phone with a wrong password cannot call', async (t) => {
  const before = stack.carrier.invites().length
  t.notOk(await phone.dials('11987654302', { password: 'guess' }))
  t.equal(stack.carrier.invites().length, before)
})

t.test('a number that is not ordinary never reaches the carrier, and the history says why', async (t) => {
  const before = stack.carrier.invites().length
  const tries: [dialled: string, verdict: string][] = [
    ['0900123456', 'destination-blocked'],
    ['1'.repeat(40), 'invalid-number'],
    ['11987654302,1', 'invalid-number'],
    ['11987654302&carrier-b', 'invalid-number'],
  ]
  for (const [dialled, verdict] of tries) {
    const last = await stage.newestCall()
    await phone.dials(dialled)
    const refused = await stage.newestCall()
    t.not(refused.id, last.id, `${dialled} reached the AGI server`)
    t.match(refused, { state: 'refused', verdict, billed_seconds: 0 }, dialled)
  }
  t.equal(stack.carrier.invites().length, before, 'no number was dialled')
})

t.test('a suspended company can still dial 190, unrecorded and free, but no lead', async (t) => {
  const { balance, ledger } = await stage.books()
  const id = await stage.tenantId()
  await stage.db.updateTable('tenants').set({ status: 'suspended', max_calls: 0 }).where('id', '=', id).execute()
  await phone.dials('11987654302')
  t.match(await stage.newestCall(), { state: 'refused', verdict: 'tenant-suspended' })
  t.ok(await phone.dials('190'), 'the police answer and hang up after 5 s')
  const call = await stage.callIs((await stage.newestCall()).id, ['ended'])
  t.match(call, { destination: 'emergency', outcome: 'answered', hung_up_by: 'lead', dialled: '190', e164: null, billed_seconds: 0 })
  const carrier = await until('the carrier’s record of the call', () => stack.carrier.calls().find(({ number }) => number === '190'))
  t.ok(
    Math.abs(call.talk_seconds - wholeSeconds(carrier.talkMs)) <= 1,
    `${carrier.talkMs} ms by the carrier’s clock, ${call.talk_seconds} s by ours`,
  )
  t.equal(stack.carrier.invites().filter((invite) => invite.number === '190').length, 1)
  t.same(await stage.db.selectFrom('recordings').selectAll().where('call_id', '=', call.id).execute(), [], 'and nothing was recorded')
  t.same(await stage.books(), { balance, held: 0, ledger, leases: 0 })
  await stage.db.updateTable('tenants').set({ status: 'active', max_calls: 10 }).where('id', '=', id).execute()
})

t.test('one phone has at most two emergency calls at a time', async (t) => {
  const before = stack.carrier.invites().length
  const calls = ['190', '1-9-0', '190', '1-90', '190'].map((spelling) => phone.dials(spelling))
  t.equal((await Promise.all(calls)).filter((carried) => carried).length, 2)
  t.equal(stack.carrier.invites().length, before + 2)
})

t.test('a phone that dials too many numbers at once hears busy, and only ten reach the AGI server', async (t) => {
  const asked = async () => {
    const rows = await stage.db.selectFrom('calls').select('refused_times').where('dialled', '=', '0900555555').execute()
    return rows.reduce((sum, row) => sum + row.refused_times, 0)
  }
  await Promise.all(Array.from({ length: 25 }, () => phone.dials('0900555555')))
  const times = await asked()
  t.ok(times > 0 && times <= 10, `${times} of 25 reached the AGI server`)
  t.equal(
    (await stage.db.selectFrom('calls').select('id').where('dialled', '=', '0900555555').execute()).length,
    1,
    'one log line reports all of them',
  )
})

t.test('without an answer of the AGI server an emergency call goes out over the company’s trunks, and no other call does', async (t) => {
  // Auto Lima has its own trunk, unknown to Asterisk, and does not use carrier-a.
  const tenantId = await stage.tenantId('auto-lima')
  await stage.db
    .insertInto('trunks')
    .values([
      { tenant_id: tenantId, endpoint: 'carrier-gone', priority: 1 },
      { tenant_id: tenantId, endpoint: 'carrier-a', enabled: false },
    ])
    .execute()
  const others = await SipPhone.of(t, stage, await stage.agent('diego', 'auto-lima'))
  const before = stack.carrier.invites().length
  await stack.fastagi.stop()
  t.teardown(() => stack.fastagi.start())
  t.ok(await phone.dials('190'), 'the police answer')
  t.ok(await others.dials('190'), 'and answer the other company')
  t.notOk((await stage.newestCall()).dialled === '190' && (await stage.newestCall()).state !== 'ended', 'no row waits for an end')
  await Promise.all(
    ['11987654302', '191', '1900', '0190', '+190', '*190', '911', '190#', '190.', '1.9.0'].map((number) => phone.dials(number)),
  )
  t.match(
    stack.carrier.invites().slice(before),
    [
      { number: '190', trunk: 'carrier-a', callerId: '551132104000' },
      { number: '190', trunk: 'carrier-b', callerId: '552132105000' },
    ],
    'over each company’s trunks, with its number',
  )
  t.equal(stack.carrier.invites().length, before + 2, 'and nothing else')
})

t.test('an internal step of the dialplan cannot be dialled', async (t) => {
  const before = { invites: stack.carrier.invites().length, call: (await stage.newestCall()).id }
  for (const step of ['lead', 'start', 'hangup', 'failed', 'h']) t.notOk(await phone.dials(step), step)
  t.same({ invites: stack.carrier.invites().length, call: (await stage.newestCall()).id }, before)
})
