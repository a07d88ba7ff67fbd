import t from 'tap'
import { openFirefox } from './firefox.ts'
import { keepConnections, untilSoundBothWays } from './media-flow.ts'
import { raiseStage } from './stage.ts'
import { until } from './until.ts'

const stage = await raiseStage(t, 'firefox', { open: openFirefox })
const { carrier } = stage.stack
const ana = await stage.signsIn('ana')
const { page } = ana
await keepConnections(ana)
await ana.turnsPhoneOn()
let callId = ''

/** The level meter of one side of the call: 0 is silence. */
const level = (side: 'microphone' | 'remote') => page.$eval(`[data-phone=meter-${side}]`, (meter) => (meter as HTMLMeterElement).value)

/** Answers to ICE pings on the path of the open call. */
const pings = () =>
  page.evaluate(async () => {
    const { connections } = window as unknown as { connections: RTCPeerConnection[] }
    const open = connections.find(({ connectionState }) => connectionState === 'connected')
    const entries = [...((await open?.getStats())?.values() ?? [])] as (RTCStats & { responsesReceived?: number })[]
    return entries.reduce((sum, { responsesReceived = 0 }) => sum + responsesReceived, 0)
  })

t.test('in Firefox, a click reaches the lead, both sides hear each other, and the page shows how loud they are', async (t) => {
  callId = await ana.clicks('Maria Souza')
  await stage.callIs(callId, ['answered'])
  await ana.reads('Em ligação')
  await untilSoundBothWays(stage, ana, 'sound both ways')
  await until('the meter of the microphone', async () => (await level('microphone')) > 0.2)
  await until('the meter of the lead', async () => (await level('remote')) > 0.2)
  // Firefox blocks sound in a page without a click.
  await until('the lead’s sound to play', () =>
    page.$eval('[data-phone=remote]', (audio) => !(audio as HTMLAudioElement).paused && (audio as HTMLAudioElement).currentTime > 0),
  )
  t.equal(await page.getAttribute('#phone', 'data-media'), 'steady')
})

t.test('mute silences the agent, which the lead’s echo shows, and the page warns an agent who talks', async (t) => {
  await page.click('[data-phone=mute]')
  await page.waitForSelector('#phone[data-muted]')
  await until('the echo to end', async () => (await level('remote')) === 0)
  t.ok((await level('microphone')) > 0.2, 'the meter still shows the microphone')
  await page.getByText('Você está falando com o microfone mudo').waitFor()
  await page.click('[data-phone=mute]')
  await page.waitForSelector('#phone:not([data-muted])')
  await until('the echo', async () => (await level('remote')) > 0.2)
})

t.test('a held call is quiet, but not lost, until the agent resumes it', async (t) => {
  await page.click('[data-phone=hold]')
  await page.waitForSelector('#phone[data-held]')
  const before = await pings()
  const media = new Set<string | null>()
  await until('two pings of Firefox', async () => {
    media.add(await page.getAttribute('#phone', 'data-media'))
    // A restart would count the pings from zero.
    return media.size > 1 || (await pings()) >= before + 2
  })
  t.same([...media], ['steady'], 'between two pings the page does not restart the sound')
  await page.click('[data-phone=hold]')
  await page.waitForSelector('#phone:not([data-held])')
  await untilSoundBothWays(stage, ana, 'sound after the hold')
  await until('the echo', async () => (await level('remote')) > 0.2)
})

t.test('the lead receives the keys that the agent presses', async (t) => {
  await page.click('[data-phone=keypad]')
  for (const key of ['5', '0', '9']) await page.click(`[data-phone=keys] [data-digit="${key}"]`)
  await until('three keys', () => carrier.keys().length >= 3)
  t.equal(carrier.keys(), '509')
})

t.test('the agent hangs up, and the quality that Firefox measured is stored', async (t) => {
  await ana.hangsUp()
  t.match(await stage.callIs(callId, ['ended']), { outcome: 'answered', hung_up_by: 'agent' })
  const quality = await until('the quality report of Firefox', () =>
    stage.db.selectFrom('call_quality').selectAll().where('call_id', '=', callId).executeTakeFirst(),
  )
  t.ok(quality.mean_mos_tenths >= 10 && quality.mean_mos_tenths <= 50, `${quality.mean_mos_tenths / 10} of 5`)
  await page.waitForSelector('#phone[data-call=none]')
})

t.test('a number dialled in the page has sound both ways', async (t) => {
  await ana.dials('(11) 3333-4310')
  const { id } = await stage.newestCall()
  t.match(await stage.callIs(id, ['answered']), { origin: 'phone', e164: '+551133334310' })
  await untilSoundBothWays(stage, ana, 'sound both ways')
  await until('the meter of the lead', async () => (await level('remote')) > 0.2)
  await ana.hangsUp()
  await stage.callIs(id, ['ended'])
  await page.waitForSelector('#phone[data-call=none]')
})

t.test('a caller rings in Firefox, and the agent answers', async (t) => {
  carrier.callCustomer('551132104000', '5511987654301')
  await page.waitForSelector('#phone[data-call=offered]')
  await until('the title of the tab to say who calls', async () => (await page.title()).includes('Maria Souza está ligando'))
  await page.click('[data-phone=answer]:visible')
  await page.waitForSelector('#phone[data-call=up]')
  await untilSoundBothWays(stage, ana, 'sound both ways')
  await until('the meter of the caller', async () => (await level('remote')) > 0.2)
  const { id } = await stage.newestCall()
  await ana.hangsUp()
  t.match(await stage.callIs(id, ['ended']), { origin: 'incoming', outcome: 'answered', hung_up_by: 'agent' })
})
