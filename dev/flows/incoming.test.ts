import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import t from 'tap'
import { listRecordingPauses } from '../../domain/calls/recording-pause.ts'
import { setCallingHours } from '../../domain/policy/calling-hours.ts'
import type { Person } from './person.ts'
import { legCodecs } from './media-flow.ts'
import { listen } from './sound.ts'
import { raiseStage } from './stage.ts'
import { until } from './until.ts'

const stage = await raiseStage(t, 'incoming')
const { carrier, asterisk } = stage.stack
const ana = await stage.signsIn('ana')
const bruno = await stage.signsIn('bruno')
const marcia = await stage.signsIn('marcia')
const otavio = await stage.signsIn('otavio', 'auto-lima')
const maria = '5511987654301'
const stranger = '5521987650099'

/** A caller dials the company's number. Returns the row of the call once it exists. */
async function callsIn(from: string) {
  const known = new Set((await incomingCalls()).map(({ id }) => id))
  carrier.callCustomer('551132104000', from)
  return until('the call to have come in', async () => (await incomingCalls()).find(({ id }) => !known.has(id)))
}

async function incomingCalls() {
  return stage.db.selectFrom('calls').selectAll().where('origin', '=', 'incoming').orderBy('requested_at', 'desc').execute()
}

const rings = (who: Person) => who.page.waitForSelector('#phone[data-call=offered]')
const isQuiet = (who: Person) => who.page.waitForSelector('#phone[data-call=none]')
const callerHangsUp = () => carrier.cli('channel request hangup all')
const taskOf = (e164: string) =>
  stage.db.selectFrom('tasks').selectAll().where('e164', '=', `+${e164}`).where('done_at', 'is', null).executeTakeFirst()
const asteriskSays = () => readFileSync(join(asterisk.directory, 'log/messages.log'), 'utf8')
const heard = (prompt: string) =>
  until(`the caller to have heard ${prompt}`, () => asteriskSays().includes(`${prompt} was played, SUCCESS`))

t.test('the agent who called the lead last rings alone, sees the caller, and answers with a key', async (t) => {
  await ana.turnsPhoneOn()
  await bruno.turnsPhoneOn()
  const clicked = await ana.clicks('Maria Souza')
  await stage.callIs(clicked, ['answered'])
  await ana.hangsUp()
  await stage.callIs(clicked, ['ended'])
  await isQuiet(ana)
  await marcia.page.goto(`${stage.stack.url}/calls`)

  const { id } = await callsIn(maria)
  await rings(ana)
  await ana.reads('Maria Souza')
  await ana.reads('Empório Central · (11) 98765-4301')
  await ana.reads('para (11) 3210-4000')
  t.equal(await bruno.page.getAttribute('#phone', 'data-call'), 'none', 'no other agent is disturbed')
  t.match(await stage.call(id), { state: 'authorized', agent_id: null }, 'it does not auto-answer')
  await ana.page.keyboard.press('y')
  await ana.page.waitForSelector('#phone[data-call=up]')
  await ana.reads('Em ligação')
  t.same(await legCodecs(stage), { browser: 'alaw', carrier: 'alaw' }, 'Asterisk transcodes nothing')
  const answered = await stage.callIs(id, ['answered'])
  t.notOk(await ana.page.isVisible('[data-phone=transfer]'), 'it stays with her')
  await until('sound to reach the caller', async () => receivedBy(await carrier.cli('pjsip show channelstats')) > 100)
  await until('sound to reach the agent', () => hears(ana.page))
  await until('four seconds of talk', () => Date.now() - (answered.answered_at?.getTime() ?? 0) > 4000)
  for (const recording of ['paused', 'on']) {
    await ana.page.keyboard.press('g')
    await ana.page.waitForSelector(`#phone[data-recording=${recording}]`)
  }
  await callerHangsUp()
  t.match(await stage.callIs(id, ['ended']), { outcome: 'answered', hung_up_by: 'lead', billed_seconds: 0 })
  await isQuiet(ana)
  await marcia.page.locator(`#call-${id}`).getByText('Recebida').waitFor()
  await marcia.page.locator(`#call-${id}`).getByText('o lead desligou').waitFor()

  await until('the recording', async () => {
    const recording = await stage.db.selectFrom('recordings').select('state').where('call_id', '=', id).executeTakeFirst()
    return recording?.state === 'ready'
  })
  const response = await ana.context.request.get(`${stage.stack.url}/calls/${id}/recording`)
  const pauses = await listRecordingPauses(stage.db, await stage.tenantId(), id)
  const pausedMs = pauses.reduce((sum, { pausedAtMs, resumedAtMs }) => sum + (resumedAtMs ?? pausedAtMs) - pausedAtMs, 0)
  const { left, right } = await listen(await response.body(), pausedMs)
  t.ok(right.meanDb > -35 && right.silentShare < 0.5, `the caller speaks on the right: ${JSON.stringify(right)}`)
  t.ok(left.silentShare > 0.6 && left.meanDb > -60, `the agent’s microphone beeps on the left: ${JSON.stringify(left)}`)
  await marcia.page.goto(`${stage.stack.url}/calls/${id}`)
  t.match(await marcia.page.innerText('#call-page'), /Atendida por\s+Ana Ribeiro\s+Tocou para\s+Ana Ribeiro/)
})

t.test('an unknown caller rings every agent; one answers, in any tab, and the others stop', async (t) => {
  const second = await bruno.opensTab()
  await second.page.waitForSelector('#phone[data-remote][data-line=ready]')
  const { id } = await callsIn(stranger)
  for (const who of [ana, bruno, second]) await rings(who)
  await second.reads('(21) 98765-0099')
  await second.page.click('[data-phone=answer]')
  await isQuiet(ana)
  for (const tab of [bruno, second]) await tab.page.waitForSelector('#phone[data-call=up]')
  await ana.reads('Atendida por Bruno')
  await stage.callIs(id, ['answered'])
  await second.hangsUp()
  t.match(await stage.callIs(id, ['ended']), { outcome: 'answered', hung_up_by: 'agent' })
  await second.page.close()
})

t.test('an agent who declines rings no more; without an answer of the others there is a prompt, a row and a task', async (t) => {
  const { id } = await callsIn(maria)
  await rings(ana)
  await ana.page.keyboard.press('x')
  await isQuiet(ana)
  await rings(bruno)
  await bruno.page.click('[data-phone=decline]')
  await isQuiet(bruno)
  t.match(await stage.callIs(id, ['ended']), { outcome: 'missed', verdict: 'nobody' })
  await heard('incoming-nobody')
  t.match(await taskOf(maria), { kind: 'missed', call_id: id, missed_calls: 1 })
  await callerHangsUp()

  await ana.page.goto(`${stage.stack.url}/tasks`)
  await ana.turnsPhoneOn()
  await ana.page.locator('.task', { hasText: 'Ligação perdida' }).getByRole('button', { name: 'Ligar para Maria Souza' }).click()
  await ana.page.waitForSelector('#phone[data-call=up]')
  const back = await stage.newestCall()
  t.match(back, { origin: 'click', e164: `+${maria}` }, 'one click calls back')
  await ana.hangsUp()
  await stage.callIs(back.id, ['ended'])
  t.equal(await taskOf(maria), undefined, 'and the task is done')
})

t.test('outside the hours the caller hears a prompt, no phone rings, and there is a row and a task', async (t) => {
  const tenantId = await stage.tenantId()
  const opensOn = async (weekday: number | null) => {
    const each = weekday === null ? [] : [{ weekday, fromMinute: 0, toMinute: 1 }]
    await stage.db.transaction().execute((trx) => setCallingHours(trx, tenantId, each))
  }
  // Three days from now, for a minute.
  await opensOn((new Date().getUTCDay() + 3) % 7 || 7)
  const { id } = await callsIn(stranger)
  await heard('incoming-closed')
  t.equal(await ana.page.getAttribute('#phone', 'data-call'), 'none')
  t.match(await stage.call(id), { state: 'ended', outcome: 'missed' })
  t.match(await taskOf(stranger), { kind: 'missed', call_id: id })
  await opensOn(null)
  await callerHangsUp()
})

t.test('a flood over one trunk hears busy and leaves no row', async (t) => {
  await asterisk.cli('dialplan set global RAMAL_INCOMING_PER_TRUNK 1')
  const { id } = await callsIn(stranger)
  await rings(bruno)
  const before = (await incomingCalls()).length
  const busy = () => asteriskSays().split('too many calls at once').length
  const had = busy()
  carrier.callCustomer('551132104000', '5521987650077')
  await until('the second to be refused', () => busy() > had)
  t.equal((await incomingCalls()).length, before)
  await callerHangsUp()
  t.match(await stage.callIs(id, ['ended']), { outcome: 'missed', verdict: 'gave-up' })
  await isQuiet(bruno)
  await asterisk.cli('dialplan set global RAMAL_INCOMING_PER_TRUNK 60')
})

t.test('complaint 4: a call rings on the ring device, in the title and on the desktop, in one tab only', async (t) => {
  const second = await ana.opensTab()
  for (const { page } of [ana, second]) {
    await page.addInitScript(() => {
      const seen = { sinks: [] as string[], notices: [] as string[], playing: 0 }
      Object.assign(window, { seen })
      document.hasFocus = () => false
      const media = HTMLMediaElement.prototype as HTMLMediaElement & { realPlay: () => Promise<void> }
      media.realPlay = Reflect.get<typeof media, 'play'>(media, 'play')
      media.play = function (this: HTMLMediaElement & { sinkId?: string; realPlay: () => Promise<void> }) {
        if (this.loop) {
          seen.sinks.push(this.sinkId ?? '')
          seen.playing += 1
        }
        return this.realPlay()
      }
      class Notice extends EventTarget {
        static permission = 'granted'
        static requestPermission = () => Promise.resolve('granted')
        constructor(title: string) {
          super()
          seen.notices.push(title)
        }
        close() {
          seen.notices.push('closed')
        }
      }
      Object.assign(window, { Notification: Notice })
    })
  }
  await second.page.reload()
  await ana.page.goto(`${stage.stack.url}/contacts`)
  await second.page.close()
  await ana.turnsPhoneOn()
  const { page } = ana
  await page.click('[data-phone=open-settings]')
  await until('the list', () => page.$eval('[data-phone=choose-ringer]', (list) => (list as HTMLSelectElement).options.length > 2))
  const devices = await page.$$eval('[data-phone=choose-ringer] option', (options) =>
    options.map((each) => (each as HTMLOptionElement).value),
  )
  const chosen = devices.at(-1) ?? ''
  await page.selectOption('[data-phone=choose-ringer]', chosen)
  await page.keyboard.press('Escape')
  const other = await ana.opensTab()
  await other.page.waitForSelector('#phone[data-remote][data-line=ready]')
  const title = await page.title()

  const { id } = await callsIn(maria)
  await rings(ana)
  await until('the ringing', () => seen(page).then(({ playing }) => playing > 0))
  const { sinks, notices } = await seen(page)
  t.same(notices, ['Maria Souza está ligando'])
  const named = await page.evaluate(async (sinkId) => {
    const all = await navigator.mediaDevices.enumerateDevices()
    return all.find((each) => each.kind === 'audiooutput' && each.deviceId === sinkId)?.label
  }, sinks[0] ?? '')
  t.equal(named, chosen, 'on the chosen ring device')
  await until('the title to flash', async () => (await page.title()).includes('Maria Souza está ligando'))
  t.notMatch(await other.page.title(), /está ligando/, 'the other tab shows nothing')
  await other.page.keyboard.press('x')
  await isQuiet(ana)
  t.match((await seen(page)).notices, ['Maria Souza está ligando', 'closed'])
  await until('the title to come back', async () => (await page.title()) === title)
  await callerHangsUp()
  await stage.callIs(id, ['ended'])
  await other.page.close()
})

t.test('another company sees none of these calls', async (t) => {
  const calls = await incomingCalls()
  await otavio.page.goto(`${stage.stack.url}/calls`)
  t.equal(await otavio.page.locator('#calls [data-row]').count(), 0)
  for (const path of ['', '/card', '/row', '/wrap-up', '/recording']) {
    const answer = await otavio.context.request.get(`${stage.stack.url}/calls/${calls[0]?.id ?? ''}${path}`)
    t.not(answer.status(), 200, path)
  }
})

/** Packets that the carrier has received in the current call. */
function receivedBy(statistics: string): number {
  const counts = [...statistics.matchAll(/\b(?:ulaw|alaw)\s+(\d+)/g)].map(([, count]) => Number(count))
  return Math.max(0, ...counts)
}

/** Whether a tab plays sound. */
async function hears(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const audio = document.querySelector<HTMLAudioElement>('[data-phone=remote]')
    const stream = audio?.srcObject as MediaStream | null
    return stream?.getAudioTracks().some((track) => track.readyState === 'live' && !track.muted) === true
  })
}

async function seen(page: Page): Promise<{ sinks: string[]; notices: string[]; playing: number }> {
  return page.evaluate(() => (window as unknown as { seen: { sinks: string[]; notices: string[]; playing: number } }).seen)
}
