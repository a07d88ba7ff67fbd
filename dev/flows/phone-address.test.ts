import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import t, { type Test } from 'tap'
import { issueBrowserCredential, issueDeskCredential } from '../../domain/telephony/sip-credentials.ts'
import * as storing from '../../migrations/180-contacts-where-they-came-from.ts'
import { checkout } from '../setup/cache.ts'
import { carrierAddresses } from '../stack/carrier.ts'
import { SipListener } from './sip-listener.ts'
import { RawPhone, wires, type Registration } from './raw-phone.ts'
import { raiseStage } from './stage.ts'
import { until } from './until.ts'

const stage = await raiseStage(t, 'phone-address', { browser: false })
const { db, stack } = stage
const { asterisk, carrier } = stack
const elisa = await stage.agent('elisa', 'auto-lima')
// Unanswered calls still count as simultaneous calls for a while.
await db.updateTable('tenants').set({ max_calls: 100 }).where('id', '=', elisa.tenant_id).execute()
const realm = stack.env.RAMAL_SIP_DOMAIN
const desk = await issueDeskCredential(db, elisa.tenant_id, elisa.id, realm)
const browser = await issueBrowserCredential(db, elisa.tenant_id, elisa.id, { realm, sessionHash: 'a page' }, new Date())
const listener = await SipListener.listen(t)
const carriers = `551133334310@${carrierAddresses['carrier-a']}:${stack.ports.carrierSip}`
const strangers = `551133334310@${listener.address}`

/** Registrations that try to have another address dialled. `own` is the phone's own Contact. */
const tricks: Record<string, (own: string, target: string) => Registration> = {
  'one Contact': (_, target) => ({ contacts: [`<sip:${target}>`] }),
  'an expired Contact and a new one': (_, target) => ({ contacts: ['<sip:a@1.2.3.4>;expires=0', `<sip:${target}>;expires=300`] }),
  'the same in one line': (_, target) => ({ contacts: [`<sip:a@1.2.3.4>;expires=0, <sip:${target}>;expires=300`] }),
  'ten Contacts, nine of them expired': (_, target) => ({
    contacts: [...Array.from({ length: 9 }, (_, n) => `<sip:a${n}@1.2.3.4>;expires=0`), `<sip:${target}>`],
  }),
  'ten Contacts': (own, target) => ({ contacts: [own, ...Array.from({ length: 9 }, (_, n) => `<sip:${target};line=${n}>`)] }),
  'all expired but one': (_, target) => ({ contacts: ['<sip:a@1.2.3.4>', `<sip:${target}>;expires=300`], lines: ['Expires: 0'] }),
  'its own ends, and one': (own, target) => ({ contacts: [`${own};expires=0`, `<sip:${target}>`] }),
  'a tel: URI first': (_, target) => ({ contacts: ['<tel:+551133334310>', `<sip:${target}>`] }),
  'a tel: URI between': (_, target) => ({ contacts: ['<sip:a@1.2.3.4>;expires=0', '<tel:+551133334310>', `<sip:${target}>`] }),
  'like a WebSocket contact': (_, target) => ({
    contacts: ['<sip:a@1.2.3.4>;expires=0', `<sip:${target};transport=ws;x-ast-orig-host=a.invalid:0>`],
  }),
  'over TCP': (_, target) => ({ contacts: ['<sip:a@1.2.3.4>;expires=0', `<sip:${target};transport=tcp>`] }),
  maddr: (own, target) => ({ contacts: [own.replace('>', `;maddr=${target.replace(/.*@|:.*/g, '')}>`)] }),
  'maddr, disguised': (own, target) => ({ contacts: [own.replace('>', `;%6dADDR=${target.replace(/.*@|:.*/g, '')}>`)] }),
  'a Route in the URI': (own, target) => ({ contacts: [own.replace('>', `?Route=${encodeURIComponent(`<sip:${target};lr>`)}>`)] }),
  'a Path': (own, target) => ({ contacts: [own], lines: [`Path: <sip:${target};lr>`, 'Supported: path'] }),
  IPv6: () => ({ contacts: ['<sip:a@1.2.3.4>;expires=0', `<sip:551133334310@[::1]:${listener.port}>`] }),
  'a name': () => ({ contacts: ['<sip:a@1.2.3.4>;expires=0', `<sip:551133334310@localhost:${listener.port}>`] }),
}

t.test('without the guards, a registered address of the carrier is dialled, so the next tests would notice a failure', async (t) => {
  await stores(false)
  await dials(false)
  for (const wire of wires) {
    const phone = await RawPhone.connect(t, { stack, wire, credential: desk })
    const before = { carrier: carrier.invites().length, stranger: listener.received('INVITE') }
    await phone.registers({ contacts: ['<sip:a@1.2.3.4>;expires=0', `<sip:${carriers}>;expires=300`] })
    await callsIn(() => carrier.invites().length > before.carrier)
    t.match(carrier.invites().at(-1), { number: '551133334310' }, `${wire}: the carrier, for an unauthorised number`)
    await phone.registers({ contacts: ['<sip:a@1.2.3.4>;expires=0', `<sip:${strangers}>;expires=300`] })
    await callsIn(() => listener.received('INVITE') > before.stranger)
  }
  await stores(true)
  await dials(true)
})

for (const [guard, off] of [
  ['where registrations are stored', dials],
  ['in front of Dial', stores],
] as const) {
  t.test(`the guard ${guard} suffices alone: an incoming call rings only the phone’s own address`, async (t) => {
    await off(false)
    for (const wire of wires) {
      await t.test(wire, async (t) => {
        for (const [trick, write] of Object.entries(tricks)) {
          const phone = await RawPhone.connect(t, { stack, wire, credential: desk })
          for (const target of [carriers, strangers]) {
            await phone.registers(write(phone.contact, target))
            if (off === dials)
              t.ok(
                (await contacts()).every((uri) => uri.includes(`@${phone.address}`)),
                `${trick} is not stored`,
              )
          }
          await ringsOnlyOwnPhone(t, trick)
          await db.deleteFrom('ps_contacts').execute()
        }
      })
    }
    await off(true)
  })
}

t.test('a phone rings on the connection of its registration, also after it registers again', async (t) => {
  for (const wire of ['ws', 'tcp'] as const) {
    const phone = await RawPhone.connect(t, { stack, wire, credential: desk })
    await phone.registers({ contacts: [phone.contact] })
    const [first] = await contacts()
    // For the database, two equal registrations in one second are one change, and Asterisk would take the second for failed.
    await phone.registers({ contacts: [phone.contact], lines: ['User-Agent: again'] })
    t.same(await contacts(), [first], `${wire}: one registration`)
    await callsIn()
    t.equal(phone.received('INVITE'), 1, `${wire}: it rang`)
    const second = await RawPhone.connect(t, { stack, wire, credential: desk })
    await second.registers({ contacts: [second.contact] })
    await callsIn()
    t.same([phone.received('INVITE'), second.received('INVITE')], [1, 1], `${wire}: the newest rings`)
    await second.registers({ contacts: ['*'], lines: ['Expires: 0'] })
    t.same(await contacts(), [], `${wire}: and no longer after it has unregistered`)
  }
})

t.test('a phone that closes its connection is no longer registered', async (t) => {
  for (const wire of ['ws', 'tcp'] as const) {
    const phone = await RawPhone.connect(t, { stack, wire, credential: desk })
    await phone.registers({ contacts: [phone.contact] })
    t.equal((await contacts()).length, 1)
    phone.close()
    await until(`${wire}: the registration to be gone`, async () => (await contacts()).length === 0)
  }
})

t.test('over UDP a phone gets a 200 without a contact', async (t) => {
  const phone = await RawPhone.connect(t, { stack, wire: 'udp', credential: desk })
  const response = await phone.registers({ contacts: [phone.contact] })
  t.notMatch(response, /^Contact:/im)
  t.same(await contacts(), [])
})

t.test('a browser’s password works on the WebSocket only', async (t) => {
  const page = await RawPhone.connect(t, { stack, wire: 'ws', credential: browser })
  t.match(await page.registers({ contacts: [page.contact] }), /^SIP\/2.0 200 /)
  await callsIn()
  t.equal(page.received('INVITE'), 1)
  for (const wire of ['tcp', 'udp'] as const) {
    const phone = await RawPhone.connect(t, { stack, wire, credential: browser })
    t.match(await phone.registers({ contacts: [phone.contact] }), /^SIP\/2.0 401 /, wire)
    const local = await RawPhone.connect(t, { stack, wire, credential: browser, from: '127.0.0.1' })
    await local.registers({ contacts: [local.contact] })
    t.ok(
      (await contacts()).every((uri) => uri.includes('transport=WS')),
      `${wire}, from this machine itself`,
    )
  }
})

/** Turns the guard of the table on or off. */
async function stores(on: boolean): Promise<void> {
  const any = db as unknown as Kysely<unknown>
  await (on ? storing.up(any) : storing.down(any))
}

/** Turns the guard of the dialplan on or off. */
async function dials(on: boolean): Promise<void> {
  const file = join(asterisk.directory, 'etc/phone-address.conf')
  if (on) copyFileSync(join(checkout, 'dialplan/phone-address.conf'), file)
  else writeFileSync(file, '[phone-address]\nexten = find,1,Return(PJSIP/${STRREPLACE(ARG1,:,&PJSIP/)})\n')
  await asterisk.cli('dialplan reload')
}

async function ringsOnlyOwnPhone(t: Test, trick: string): Promise<void> {
  const before = { carrier: carrier.invites().length, stranger: listener.received('INVITE') }
  await callsIn()
  t.same({ carrier: carrier.invites().length, stranger: listener.received('INVITE') }, before, trick)
}

async function contacts(): Promise<string[]> {
  const rows = await db.selectFrom('ps_contacts').select('uri').execute()
  return rows.map(({ uri }) => uri ?? '')
}

/** A caller dials the company, and hangs up once `seen` is true or no phone is left to ring. */
async function callsIn(seen?: () => boolean): Promise<void> {
  const newest = () =>
    db
      .selectFrom('calls')
      .select(['id', 'state'])
      .where('origin', '=', 'incoming')
      .orderBy('requested_at', 'desc')
      .limit(1)
      .executeTakeFirst()
  const before = (await newest())?.id
  const isOver = async () => {
    const call = await newest()
    return call?.id !== before && call?.state === 'ended'
  }
  carrier.callCustomer('552132105000', '5521987650099')
  await until('what the call brings', () => (seen ? seen() : isOver()))
  await carrier.cli('channel request hangup all')
  await until('the call to have ended', isOver)
}
