import t from 'tap'
import { inTransaction } from '../../domain/database/transaction.ts'
import { findStaffMember, setPassword } from '../../domain/accounts/staff.ts'
import { RawPhone } from './raw-phone.ts'
import { SipPhone } from './sip-phone.ts'
import { raiseStage } from './stage.ts'
import { until } from './until.ts'

const stage = await raiseStage(t, 'signed-out-phone', { browser: false })
const { db, stack } = stage
const bruno = await stage.agent('bruno')
const talker = '551133334310'

/** Gives Bruno a new password for the site, which ends all his sessions. */
async function resetsBruno(): Promise<void> {
  await inTransaction(db, async (trx) => {
    const person = await findStaffMember(trx, bruno.tenant_id, 'bruno@padaria-sol.example')
    if (!person) throw new Error('Bruno is not in the cast')
    await setPassword(trx, bruno.tenant_id, person, 'uma senha bem comprida', new Date())
  })
}

/** The addresses to which Asterisk would send a call for that phone. */
const contactsOf = ({ credential }: SipPhone) =>
  db.selectFrom('ps_contacts').selectAll().where('endpoint', '=', credential.endpoint).execute()

/** A caller dials the company. Returns the row of the call once it has ended. */
async function callsIn() {
  const incoming = db.selectFrom('calls').selectAll().where('origin', '=', 'incoming').orderBy('requested_at', 'desc').limit(1)
  const before = await incoming.executeTakeFirst()
  stack.carrier.callCustomer('551132104000', '5521987650099')
  const came = await until('the call to have come in', async () => {
    const newest = await incoming.executeTakeFirst()
    return newest?.id !== before?.id && newest
  })
  return { came, over: () => stage.callIs(came.id, ['ended']) }
}

t.test('a desk phone registered before a password reset cannot call or register again, and does not ring', async (t) => {
  const phone = await SipPhone.of(t, stage, bruno)
  const line = await RawPhone.connect(t, { stack, wire: 'tcp', credential: phone.credential })
  const registers = (on: RawPhone, again = '') => on.registers({ contacts: [on.contact], lines: [`User-Agent: ${again}`] })
  t.match(await registers(line), /^SIP\/2.0 200 /)
  const contacts = await contactsOf(phone)
  t.equal(contacts.length, 1)
  await (await callsIn()).over()
  t.equal(line.received('INVITE'), 1, 'it rings before the reset')

  await resetsBruno()
  t.same(await contactsOf(phone), [], 'Asterisk has no registration of the phone')
  const invites = stack.carrier.invites().length
  const newest = (await stage.newestCall()).id
  t.notOk(await phone.dials('11987654302', { withinMs: 3000 }))
  t.equal(stack.carrier.invites().length, invites, 'the carrier got no call')
  t.equal((await stage.newestCall()).id, newest, 'no AGI question was asked')
  t.match(await registers(line, 'again'), /^SIP\/2.0 401 /)
  t.same(await contactsOf(phone), [])
  // As if Asterisk stored, a moment late, a registration that it accepted before.
  await db.insertInto('ps_contacts').values(contacts).execute()
  const { over } = await callsIn()
  t.match(await over(), { outcome: 'missed', verdict: 'nobody', agent_id: null })
  t.equal(line.received('INVITE'), 1, 'no INVITE came')

  const again = await SipPhone.of(t, stage, bruno)
  const newLine = await RawPhone.connect(t, { stack, wire: 'tcp', credential: again.credential })
  t.match(await registers(newLine), /^SIP\/2.0 200 /, 'a new password makes it work again')
  t.ok(await again.dials('11987654302'))
})

t.test('a call in progress continues after the reset, also on hold, and ends normally; the next is refused', async (t) => {
  const phone = await SipPhone.of(t, stage, bruno)
  const holds = phone.holds(talker, { everyMs: 4000 })
  const call = await until('the lead to answer', async () => {
    const newest = await stage.newestCall()
    return newest.state === 'answered' && newest
  })
  await resetsBruno()
  t.ok(await holds, 'it holds the lead and hangs up with an invalid password')
  const ended = await stage.callIs(call.id, ['ended'])
  t.match(ended, { outcome: 'answered', hung_up_by: 'agent' })
  t.ok(ended.talk_seconds >= 7, `${ended.talk_seconds} s: twice four, less what the reset took to come`)
  t.notOk(await phone.dials('11987654302', { withinMs: 3000 }))
})
