import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { FarHost } from '../flows/far-host.ts'
import { untilSoundBothWays } from '../flows/media-flow.ts'
import { listen } from '../flows/sound.ts'
import { raiseStage } from '../flows/stage.ts'
import { until } from '../flows/until.ts'

const far = FarHost.build(t)
const stage = await raiseStage(t, 'network', { far })
const ana = await stage.signsIn('ana')
await ana.page.addInitScript(() => {
  const connections: RTCPeerConnection[] = []
  const sent: string[] = []
  const looks: number[] = []
  Object.assign(window, { connections, sent, looks })
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      connections.push(this)
    }
    override async getStats(): Promise<RTCStatsReport> {
      const report = await super.getStats()
      looks.push(performance.now())
      return report
    }
  }
  window.WebSocket = class extends WebSocket {
    override send(data: string): void {
      sent.push(data.split(' ', 1)[0] ?? '')
      super.send(data)
    }
  }
})
await ana.page.reload()
await ana.turnsPhoneOn()

// npm run bench:network measures the time.
t.test(
  'complaint 1: after a network change during a call the phone registers again, repairs the call, and sound flows both ways',
  async (t) => {
    const callId = await ana.clicks('Maria Souza')
    await stage.callIs(callId, ['answered'])
    await bothHeard('the call to begin')
    // The page learns about the answer a moment after the database.
    await ana.page.waitForSelector('#phone[data-call=up]')
    const recording = join(stage.stack.env.RAMAL_MONITOR_DIR, `${callId}-lead.wav`)
    const written = (await stat(recording)).ino

    await forgetsWhatWasSent()
    far.unplug()
    await ana.page.waitForSelector('#phone[data-call=up][data-media=lost]')
    t.match(await ana.page.innerText('.phone__media'), /Conexão instável. Reconectando… A ligação é mantida por mais \d+ s\./)
    far.moves()
    far.plugIn()
    await heardAgain(t, 'unplugged, and back with another address')
    await ana.page.waitForSelector('#phone[data-call=up][data-media=steady][data-line=ready]')

    await forgetsWhatWasSent()
    far.moves()
    await heardAgain(t, 'a direct change to another network')

    await forgetsWhatWasSent()
    far.deafen()
    await ana.page.waitForSelector('#phone[data-media=lost]')
    far.undeafen()
    console.error(`network: after lost packets, sound both ways after ${await bothHeard('the sound to come back')} ms`)
    await ana.page.waitForSelector('#phone[data-call=up][data-media=steady][data-line=ready]')

    t.equal(await ana.page.getAttribute('#phone', 'data-call-id'), callId, 'it is the same call')
    t.equal((await stage.call(callId)).state, 'answered')
    t.equal(stage.invitesTo('+5511987654301').length, 1, 'the lead was called once')
    t.equal((await stat(recording)).ino, written, 'and it is the same recording')
    await ana.hangsUp()
    t.match(await stage.callIs(callId, ['ended']), { outcome: 'answered', hung_up_by: 'agent' })
    await ana.page.goto(`${stage.stack.url}/calls/${callId}`)
    await ana.page.waitForSelector('audio[src$="/recording"]', { state: 'attached' })
    const response = await ana.context.request.get(`${stage.stack.url}/calls/${callId}/recording`)
    const { right, seconds } = await listen(await response.body())
    const ended = await stage.call(callId)
    // This lead echoes, so without packets from us it sends none, and Asterisk records no time without packets. Each packet is in the
    // recording once, beside one of the other side, or beside silence if that one was late. Packets late on both sides in turn make
    // it longer, up to the sum of both.
    t.ok(
      seconds > ended.talk_seconds / 2 && seconds < ended.talk_seconds * 2,
      `${seconds} s of recording for ${ended.talk_seconds} s of talk`,
    )
    // A sentence, and then the echo of beeps, some of them lost on the way.
    t.ok(right.meanDb > -45, `the lead is in it: ${JSON.stringify(right)}`)
  },
)

t.test('complaint 3: the page shows since when the phone is offline, refuses calls, and reconnects at once', async (t) => {
  await ana.page.goto(`${stage.stack.url}/contacts`)
  await ana.turnsPhoneOn()
  far.unplug()
  await ana.page.waitForSelector('#phone[data-line=reconnecting]')
  await until('the text on it', async () => /Telefone offline desde \d\d:\d\d/.test(await ana.page.innerText('.phone__line')))
  await until('the count to the next try', async () => /Tentando de novo em \d+ s/.test(await ana.page.innerText('.phone__line')))
  t.ok(await ana.page.getByRole('button', { name: 'Tentar agora' }).isVisible())
  const button = ana.callButton('Maria Souza')
  t.equal(await button.getAttribute('aria-disabled'), 'true')
  t.match(await button.getAttribute('title'), 'Seu telefone está desconectado')
  far.plugIn()
  await ana.page.waitForSelector('#phone[data-line=ready]')

  await stage.db.deleteFrom('ps_contacts').execute()
  const before = (await stage.newestCall()).id
  await button.click()
  await ana.page.locator('#notices').getByText('Seu telefone está desconectado. Ative o telefone').waitFor()
  t.equal((await stage.newestCall()).id, before, 'the site knows that the phone is offline, and places no call')
  await until('the page to register again at the news', async () => {
    return (await stage.db.selectFrom('ps_contacts').select('id').execute()).length === 1
  })
  await ana.page.waitForSelector('#phone[data-call=none]')

  await stage.db.deleteFrom('ps_contacts').execute()
  await ana.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  await until('a page that is looked at again to register', async () => {
    return (await stage.db.selectFrom('ps_contacts').select('id').execute()).length === 1
  })
})

t.test('complaint 11: a lost and restored registration neither hides nor disturbs a call', async (t) => {
  const callId = await ana.clicks('Maria Souza')
  await stage.callIs(callId, ['answered'])
  await ana.reads('Em ligação')
  await ana.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  far.closeConnections()
  await ana.page.waitForSelector('#phone[data-line=reconnecting][data-call=up]')
  t.ok(await ana.page.locator('#phone-call').isVisible(), 'the call is shown beside the line')
  await ana.page.waitForSelector('#phone[data-line=ready][data-call=up]')
  t.match(await ana.panelText(), 'Em ligação')
  await bothHeard('the call to go on')
  await holds()
  await ana.page.waitForSelector('#phone[data-held][data-call=up]')
  await ana.page.click('[data-phone=hold]')
  await ana.page.waitForSelector('#phone:not([data-held])[data-call=up]')
  await ana.hangsUp()
  t.match(await stage.callIs(callId, ['ended']), { outcome: 'answered', hung_up_by: 'agent' })
})

// A page without a phone: only the stream updates it.
const marcia = await stage.signsIn('marcia')
await marcia.page.clock.install()
const streams: string[] = []
let listeningSince = 0

t.test('complaint 12: an answered call without sound says so after three seconds and is repaired', async (t) => {
  marcia.page.on('request', (request) => new URL(request.url()).pathname === '/live' && streams.push(request.url()))
  await marcia.page.goto(`${stage.stack.url}/calls`)
  listeningSince = performance.now()
  await hearsNothingUntilInvites(1)
  const callId = await ana.clicks('Maria Souza')
  await until('the page to say so, and the sound to come', async () => (await saidOfSound()).length >= 2)
  t.match(await saidOfSound(), [/^silent: Nenhum som da outra pessoa\./, /^steady/])
  t.equal(await invitesSent(), 1, 'by one re-INVITE')
  await ana.hangsUp()
  await stage.callIs(callId, ['ended'])
})

t.test('complaint 9: if no sound returns after a hold, the call is repaired once', async (t) => {
  const callId = await ana.clicks('Maria Souza')
  await stage.callIs(callId, ['answered'])
  await bothHeard('the call to begin')
  // A hold may be too short for the page to check the sound during it.
  await looksAtSound(1500)
  const looksAgain = await looksAway()
  await holds()
  // The first ends the hold, the second repairs the call.
  await hearsNothingUntilInvites(2)
  await ana.page.click('[data-phone=hold]')
  await ana.page.waitForSelector('#phone:not([data-held])')
  await looksAgain()
  await until('the page to say so, and the sound to come', async () => (await saidOfSound()).length >= 2)
  t.match(await saidOfSound(), [/^silent: Nenhum som da outra pessoa\./, /^steady/])
  await bothHeard('the sound to come back')
  t.equal(await invitesSent(), 2, 'by one re-INVITE after the one that ended the hold')

  await holds()
  await ana.page.click('[data-phone=hold]')
  await ana.page.waitForSelector('#phone:not([data-held])')
  await bothHeard('the sound after a hold without trouble')
  await looksAtSound(2500)
  t.equal(await invitesSent(), 4, 'a hold whose sound returns is not repaired')
  await ana.hangsUp()
  t.match(await stage.callIs(callId, ['ended']), { outcome: 'answered', hung_up_by: 'agent' })
})

t.test('after a silent network change, a page without a message for 50 s reconnects its stream, and shows what it missed', async (t) => {
  // The site sends a message every 20 s.
  await until('the site to have sent one message', () => performance.now() - listeningSince > 22_000)
  await marcia.page.clock.fastForward(25_000)
  t.equal(streams.length, 1, 'a page whose last message is 45 s old keeps its stream')
  far.moves()
  await ana.page.reload()
  await ana.turnsPhoneOn()
  const callId = await ana.clicks('Maria Souza')
  await stage.callIs(callId, ['answered'])
  await ana.hangsUp()
  await stage.callIs(callId, ['ended'])
  const row = marcia.page.locator(`#call-${callId}`)
  t.equal(await row.count(), 0, 'its connection is dead, and the page does not know it')
  await marcia.page.clock.fastForward(55_000)
  await row.getByText('Atendida').waitFor()
  t.equal(streams.length, 2)
})

/** Checks that sound flows both ways, and that the phone registered before its re-INVITE. */
async function heardAgain(t: Test, what: string): Promise<void> {
  console.error(`network: ${what}, both heard again after ${await bothHeard('the sound to come back')} ms`)
  const sent = await methodsSent()
  const order = sent.filter((method, n) => ['REGISTER', 'INVITE'].includes(method) && method !== sent[n - 1])
  t.match(order.slice(0, 2), ['REGISTER', 'INVITE'], 'by a registration and then a re-INVITE')
}

/** Waits until the page has watched the sound of its call for this long, by its own clock. */
async function looksAtSound(ms: number): Promise<void> {
  const looked = () => ana.page.evaluate(() => (window as unknown as { looks: number[] }).looks.at(-1) ?? 0)
  const from = await looked()
  await until('the page to have looked at the sound', async () => (await looked()) >= from + ms)
}

/** Hides the sound statistics from the page until the returned function is called. */
async function looksAway(): Promise<() => Promise<void>> {
  await ana.page.evaluate(() => {
    const read = Reflect.get(RTCPeerConnection.prototype, 'getStats')
    const { promise, resolve } = Promise.withResolvers<undefined>()
    RTCPeerConnection.prototype.getStats = async function (this: RTCPeerConnection): Promise<RTCStatsReport> {
      await promise
      return read.call(this)
    }
    Object.assign(window, { looksAgain: resolve })
  })
  return () => ana.page.evaluate(() => (window as unknown as { looksAgain: (value: undefined) => void }).looksAgain(undefined))
}

/** Puts the call on hold and waits until Asterisk holds it: the page shows the hold earlier, while the browser makes the offer. */
async function holds(): Promise<void> {
  const before = await invitesSent()
  await ana.page.click('[data-phone=hold]')
  await ana.page.waitForSelector('#phone[data-held]')
  await until('the INVITE of the hold', async () => (await invitesSent()) === before + 1)
  // During a re-INVITE the button ignores a press.
  await until('the answer to it', async () => {
    const sent = await methodsSent()
    return sent.lastIndexOf('ACK') > sent.lastIndexOf('INVITE')
  })
}

/**
 * Makes the browser report no incoming sound until the page has sent `count` INVITEs, and records each text of the page about the
 * sound: a repair may be faster than a check from outside.
 */
async function hearsNothingUntilInvites(count: number): Promise<void> {
  await ana.page.evaluate((count) => {
    const phone = document.querySelector<HTMLElement>('#phone')
    const shownStates: string[] = []
    let before = 'steady'
    const note = () => {
      const media = phone?.dataset['media'] ?? ''
      if (media !== before) shownStates.push(`${media}: ${phone?.querySelector<HTMLElement>('.phone__media')?.innerText ?? ''}`)
      before = media
    }
    if (phone) new MutationObserver(note).observe(phone, { attributeFilter: ['data-media'] })
    Object.assign(window, { shownStates })
    const { sent } = window as unknown as { sent: string[] }
    sent.length = 0
    const read = Reflect.get(RTCPeerConnection.prototype, 'getStats')
    RTCPeerConnection.prototype.getStats = async function (this: RTCPeerConnection): Promise<RTCStatsReport> {
      const report = await read.call(this)
      if (sent.filter((method) => method === 'INVITE').length >= count) return report
      const entries = [...(report as unknown as Map<string, RTCStats>)]
      return new Map(entries.map(([id, entry]) => [id, entry.type === 'inbound-rtp' ? { ...entry, bytesReceived: 0 } : entry]))
    }
  }, count)
}

async function saidOfSound(): Promise<string[]> {
  return ana.page.evaluate(() => (window as unknown as { shownStates: string[] }).shownStates)
}

async function forgetsWhatWasSent(): Promise<void> {
  await ana.page.evaluate(() => ((window as unknown as { sent: string[] }).sent.length = 0))
}

async function methodsSent(): Promise<string[]> {
  return ana.page.evaluate(() => (window as unknown as { sent: string[] }).sent)
}

async function invitesSent(): Promise<number> {
  return (await methodsSent()).filter((method) => method === 'INVITE').length
}

function bothHeard(what: string): Promise<number> {
  return untilSoundBothWays(stage, ana, what)
}
