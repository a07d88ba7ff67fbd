import t from 'tap'
import { wholeSeconds } from '../../domain/balance/billing-rule.ts'
import type { SipCall } from '../carrier/sip/sip-call.ts'
import type { Codec, SdpOptions } from '../carrier/sip/sdp.ts'
import { raiseOddStage, type DeskPhone } from './odd-stage.ts'
import { until } from './until.ts'

const odd = await raiseOddStage(t, 'odd-carrier')
const { db } = odd.stage
await db.updateTable('tenants').set({ max_calls: 100, max_calls_per_second: 100 }).execute()
const [ana, bruno, carla] = [await odd.phoneOf('ana'), await odd.phoneOf('bruno'), await odd.phoneOf('carla')]
/** Tones of the agent and of the lead, in Hz. */
const [agentTone, leadTone] = [500, 1000]

/** Calls that fall silent, begun first because Asterisk waits for half a minute. */
const silent = { out: await talks(bruno, '11975000001', { answer: ['alaw', 'events'] }), in: await takes(carla, '11975000101') }
for (const { lead } of Object.values(silent)) setTimeout(() => lead.sound.stops(), 3000)

t.test('a carrier answers twice in one dialog, with another codec for the person: both hear each other', async (t) => {
  const { agent, lead } = await talks(ana, '11975000002', { early: ['alaw', 'events'], answer: ['ulaw', 'events'] })
  t.same(lead.sound.payloads, [0])
  await ends(agent, lead)
})

t.test('another media server of the carrier takes over, with lower packet numbers: both hear each other', async () => {
  const { agent, lead } = await talks(ana, '11975000013', { early: ['alaw', 'events'], answer: ['alaw', 'events'] })
  lead.sound.movesToAnotherServer()
  await hearEachOther(agent, lead)
  await ends(agent, lead)
})

t.test('early media in one codec, then a re-INVITE of the carrier with another: both hear each other', async (t) => {
  const { agent, lead } = await talks(ana, '11975000003', { early: ['alaw', 'events'], answer: ['alaw', 'events'] })
  lead.sends('INVITE', { codecs: ['ulaw', 'events'] })
  await lead.gets(200)
  lead.sound.usesCodec('ulaw')
  await hearEachOther(agent, lead)
  t.same(lead.sound.payloads, [0])
  await ends(agent, lead)
})

t.test('183 without SDP, or 180 with SDP, then 200: both hear each other', async () => {
  for (const [number, status, codecs] of [
    ['11975000004', 183, undefined],
    ['11975000005', 180, ['alaw', 'events']],
  ] as const) {
    const { agent, lead } = await talks(ana, number, { status, ...(codecs ? { early: codecs } : {}), answer: ['alaw', 'events'] })
    await ends(agent, lead)
  }
})

t.test('the carrier holds the call, by sendonly, inactive or 0.0.0.0, and takes it back: both hear each other again', async () => {
  const { agent, lead } = await talks(ana, '11975000006', { answer: ['alaw', 'events'] })
  const holds: SdpOptions[] = [{ direction: 'sendonly' }, { direction: 'inactive' }, { connection: '0.0.0.0' }]
  for (const [n, description] of holds.entries()) {
    lead.sends('INVITE', { codecs: ['alaw', 'events'], description })
    await lead.gets(200, 2 * n + 1)
    lead.sends('INVITE', { codecs: ['alaw', 'events'] })
    await lead.gets(200, 2 * n + 2)
    await hearEachOther(agent, lead)
  }
  await ends(agent, lead)
})

t.test('a key is an event to a carrier that knows events, and a tone in the voice to one that does not', async (t) => {
  const calls = {
    out: () => talks(ana, '11975000007', { answer: ['alaw', 'events'] }),
    'out, without events': () => talks(ana, '11975000008', { answer: ['alaw'] }),
    in: () => takes(ana, '11975000102', ['alaw', 'events']),
    'in, without events': () => takes(ana, '11975000103', ['alaw']),
  }
  for (const [what, begins] of Object.entries(calls)) {
    const { agent, lead } = await begins()
    lead.sound.forgets()
    const pressed = agent.sound.presses('5')
    if (what.includes('without')) {
      await until('the tone of key 5', () => lead.sound.hears(770, 1336))
      t.same(lead.sound.payloads, [8], what)
    } else await until('the event of key 5', () => lead.sound.keys === '5')
    await pressed
    if (what.includes('without')) lead.sound.speaks(770, 1336)
    else void lead.sound.presses('5')
    await until(`key 5 of the lead to reach the agent (${what})`, () => agent.sound.keys === '5')
    await ends(agent, lead)
  }
})

t.test('a number rings with every parameter that carriers add', async (t) => {
  for (const uri of [
    'sip:551132104000@ramal',
    'sip:+551132104000;npdi;rn=+5555112@ramal',
    'sip:1132104000;phone-context=+55@ramal;user=phone',
    'sip:32104000;phone-context=+5511@ramal;user=phone;transport=udp',
    'sip:+551132104000;isub=12@ramal;otg=trunk-7',
    'tel:+551132104000;npdi;rn=+5555112',
    'tel:3210-4000;phone-context=+5511',
  ]) {
    const lead = await odd.callsIn({ uri, to: '<sip:551132104000@ramal>', from: '<sip:+5511975000104;isub=7@odd.example;user=phone>' })
    const [phone] = await Promise.all([ana.rings(), lead.gets(180)])
    t.match(await odd.callWith('+5511975000104'), { caller_id: '+551132104000', state: 'authorized' }, uri)
    lead.sends('CANCEL')
    await phone.gets('CANCEL')
    await until('the call to end', async () => (await odd.callWith('+5511975000104')).outcome === 'missed')
  }
})

t.test('a carrier whose sound stops: the network ended the call, and the time is the carrier’s own', async (t) => {
  for (const { lead, agent, e164 } of Object.values(silent)) {
    await Promise.all([lead.gets('BYE'), agent.gets('BYE')])
    const call = await until('the end to be stored', async () => {
      const found = await odd.callWith(e164)
      return found.state === 'ended' && found
    })
    t.match(call, { outcome: 'answered', hung_up_by: 'network' }, call.origin)
    t.ok(
      Math.abs(call.talk_seconds - wholeSeconds(lead.talkedMs)) <= 1,
      `${call.talk_seconds} s for us, ${lead.talkedMs} ms for the carrier`,
    )
    t.equal(call.billed_seconds > 0, call.origin !== 'incoming')
  }
})

interface Talk {
  agent: SipCall
  lead: SipCall
  e164: string
}

interface Answers {
  status?: number
  early?: readonly Codec[]
  answer: readonly Codec[]
}

/** An agent dials, and the carrier answers in its way. Both hear each other. */
async function talks(phone: DeskPhone, number: string, { early, status = early ? 183 : 180, answer }: Answers): Promise<Talk> {
  const agent = await phone.dials(number)
  const lead = await odd.a.invited(`55${number}`)
  agent.sound.speaks(agentTone)
  lead.answers(status, early ? { codecs: early } : {})
  if (early) {
    lead.sound.speaks(leadTone + 200)
    await until('the agent to hear the announcement', () => agent.sound.hears(leadTone + 200))
  }
  lead.answers(200, { codecs: answer })
  if (answer[0] === 'ulaw') lead.sound.usesCodec('ulaw')
  await Promise.all([lead.gets('ACK'), agent.gets(200)])
  await hearEachOther(agent, lead)
  return { agent, lead, e164: `+55${number}` }
}

/** A new caller reaches an agent. Both hear each other. */
async function takes(phone: DeskPhone, caller: string, codecs: readonly Codec[] = ['alaw', 'events']): Promise<Talk> {
  const lead = await odd.callsIn({ from: `<sip:${caller}@odd.example>`, codecs })
  const agent = await phone.rings()
  agent.answers(200, { codecs: ['alaw', 'events'] })
  await Promise.all([lead.gets(200), agent.gets('ACK')])
  await hearEachOther(agent, lead)
  return { agent, lead, e164: `+55${caller}` }
}

async function hearEachOther(agent: SipCall, lead: SipCall): Promise<void> {
  for (const { sound } of [agent, lead]) sound.forgets()
  agent.sound.speaks(agentTone)
  lead.sound.speaks(leadTone)
  await until('both to hear each other', () => agent.sound.hears(leadTone) && lead.sound.hears(agentTone))
}

async function ends(agent: SipCall, lead: SipCall): Promise<void> {
  agent.sends('BYE')
  await lead.gets('BYE')
}
