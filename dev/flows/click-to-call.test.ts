import type { Page } from 'playwright-core'
import t from 'tap'
import { wholeSeconds } from '../../domain/balance/billing-rule.ts'
import { legCodecs } from './media-flow.ts'
import { listen } from './sound.ts'
import { raiseStage } from './stage.ts'
import { until } from './until.ts'

const stage = await raiseStage(t, 'click-to-call')
const ana = await stage.signsIn('ana')
const marcia = await stage.signsIn('marcia')
const otavio = await stage.signsIn('otavio', 'auto-lima', { language: 'en' })
await ana.turnsPhoneOn()
let callId = ''
let talkSeconds = 0

t.test('a click rings the page, which answers, reaches the lead, and talks for ten seconds', async (t) => {
  await marcia.page.goto(`${stage.stack.url}/calls`)
  const seen = await rowStates(marcia.page)
  callId = await ana.clicks('Maria Souza')
  await ana.reads('Chamando Maria')
  await ana.reads('Em ligação')
  const answered = await stage.callIs(callId, ['answered'])
  t.match(
    stage.invitesTo('+5511987654301'),
    [{ callerId: '551132104000', trunk: 'carrier-a' }],
    'the carrier got one call, from the company’s number',
  )
  t.same(await legCodecs(stage), { browser: 'alaw', carrier: 'alaw' }, 'Asterisk transcodes nothing')
  await ana.page.click('#nav a[href="/calls"]')
  await ana.page.waitForSelector('#calls')
  t.equal(await ana.page.getAttribute('#phone', 'data-call'), 'up', 'going to another page does not interrupt the call')
  await ana.page.goBack()
  await ana.page.waitForSelector('#contacts, [data-call-button]')
  t.equal(await ana.page.getAttribute('#phone', 'data-call'), 'up', 'the Back button does not interrupt it either')
  const talkedMs = () => Date.now() - (answered.answered_at?.getTime() ?? 0)
  await until('ten seconds of talk', () => talkedMs() >= 10_000)
  await ana.hangsUp()
  const ended = await stage.callIs(callId, ['ended'])
  t.match(ended, { outcome: 'answered', hung_up_by: 'agent' })
  talkSeconds = ended.talk_seconds
  const carrier = await until('the carrier’s record of the call', () => stage.stack.carrier.calls().at(-1))
  t.ok(
    talkSeconds >= 10 && Math.abs(talkSeconds - wholeSeconds(carrier.talkMs)) <= 1,
    `${talkSeconds} s of talk, ${carrier.talkMs} ms for the carrier`,
  )
  t.equal(ended.billed_seconds, 30)
  await ana.reads(`Atendida · ${talkSeconds} s · você desligou`)
  await until('the manager’s page to have shown the end', () => seen().at(-1) === 'ended')
  t.same(seen(), ['requested', 'authorized', 'answered', 'ended'], 'the manager’s page followed without a reload')
})

t.test('the balance decreases by the billed seconds, in the database and on the page', async (t) => {
  t.same(await stage.books(), { balance: 17_970, held: 0, ledger: 17_970, leases: 0 })
  await until('the page to show it', async () => (await ana.shownBalance()) === '299 min')
  await marcia.page.goto(`${stage.stack.url}/balance`)
  t.match(await marcia.page.innerText('#page'), /Maria Souza/, 'and the statement names the call')
})

t.test('the recording plays in the page, the agent on the left and the lead on the right', async (t) => {
  await ana.page.goto(`${stage.stack.url}/calls/${callId}`)
  await ana.page.getByRole('button', { name: 'Reproduzir' }).click()
  const plays = (after: number) =>
    ana.page.waitForFunction((s) => (document.querySelector('audio[src$="/recording"]') as HTMLAudioElement).currentTime > s, after)
  await plays(0.5)
  await ana.page.locator('[data-player=place]').fill('6')
  await plays(5.9)
  const seconds = await ana.page.$eval('audio[src$="/recording"]', (audio) => (audio as HTMLAudioElement).duration)
  // Talk counts from the lead's answer, the recording starts after the `answered` question.
  t.ok(seconds > talkSeconds - 3.5 && seconds < talkSeconds + 1, `lasts ${seconds} s of ${talkSeconds} s of talk, and can be seeked`)
  const response = await ana.context.request.get(`${stage.stack.url}/calls/${callId}/recording`)
  const { left, right } = await listen(await response.body())
  t.ok(right.meanDb > -35 && right.silentShare < 0.5, `the lead speaks on the right: ${JSON.stringify(right)}`)
  t.ok(left.meanDb > -60 && left.silentShare > 0.6, `the microphone’s beeps are on the left: ${JSON.stringify(left)}`)
})

t.test('other users cannot hear or see it, except the manager', async (t) => {
  const bruno = await stage.signsIn('bruno')
  for (const stranger of [bruno, otavio]) {
    t.equal((await stranger.context.request.get(`${stage.stack.url}/calls/${callId}`)).status(), 404)
    t.equal((await stranger.context.request.get(`${stage.stack.url}/calls/${callId}/recording`)).status(), 404)
  }
  await otavio.page.goto(`${stage.stack.url}/calls`)
  t.equal(await otavio.page.locator('.call').count(), 0)
  await bruno.leaves()
  t.equal((await marcia.context.request.get(`${stage.stack.url}/calls/${callId}/recording`)).status(), 200, 'but the manager can')
})

t.test('an agent dials a number on the page’s dial pad, mutes and holds', async (t) => {
  await ana.page.goto(`${stage.stack.url}/contacts`)
  await ana.turnsPhoneOn()
  await ana.page.fill('form[data-phone=dial] input[name=number]', '\u202a(11) 3333\u20114310\u202c ramal 203')
  await ana.page.click('form[data-phone=dial] .call-button')
  await ana.page.waitForSelector('#phone[data-call=up]')
  const { id } = await stage.newestCall()
  const call = await stage.callIs(id, ['answered'])
  t.match(call, { origin: 'phone', e164: '+551133334310' }, 'the server reads the number in the pasted text')
  await ana.reads('Em ligação')
  await ana.page.click('[data-phone=mute]')
  await ana.page.waitForSelector('#phone[data-muted]')
  await ana.page.click('[data-phone=mute]')
  await ana.page.waitForSelector('#phone:not([data-muted])')
  await ana.page.click('[data-phone=hold]')
  await ana.page.waitForSelector('#phone[data-held]')
  t.equal((await stage.call(id)).state, 'answered')
  await ana.page.click('[data-phone=hold]')
  await ana.page.waitForSelector('#phone:not([data-held])')
  await ana.hangsUp()
  t.match(await stage.callIs(id, ['ended']), { outcome: 'answered', hung_up_by: 'agent' })
})

t.test('an invalid number never leaves the dial pad, and the page says why', async (t) => {
  const before = (await stage.newestCall()).id
  for (const typed of ['11 98765-4301@x', 'PJSIP/x&y', '9'.repeat(60)]) {
    await ana.page.fill('form[data-phone=dial] input[name=number]', typed)
    await ana.page.click('form[data-phone=dial] .call-button')
    await ana.page.waitForSelector('[data-phone=dial-error] [data-error]:visible')
    t.equal(await ana.page.inputValue('form[data-phone=dial] input[name=number]'), typed, 'the typed text is kept')
  }
  await ana.page.fill('form[data-phone=dial] input[name=number]', '0900 123 456')
  await ana.page.click('form[data-phone=dial] .call-button')
  await ana.reads('Ligações para esse tipo de número estão bloqueadas')
  const refused = await stage.newestCall()
  t.not(refused.id, before)
  t.match(refused, { state: 'refused', verdict: 'destination-blocked' })
  await ana.page.waitForSelector('#phone[data-call=none]')
})

t.test('one phone in two browsers: the newer one has it, the older one says so and can take it back', async (t) => {
  const mobile = await stage.signsIn('ana')
  await mobile.turnsPhoneOn()
  await ana.page.waitForSelector('#phone[data-line=displaced]')
  t.ok(await ana.page.getByText('Telefone em outro aparelho').isVisible())
  await ana.page.getByRole('button', { name: 'Usar aqui' }).click()
  await ana.page.waitForSelector('#phone[data-line=ready]')
  await mobile.page.waitForSelector('#phone[data-line=displaced]')
  await mobile.leaves()
})

t.test('signing out ends the phone’s password and its registration', async (t) => {
  await ana.page.click('#nav [action="/sign-out"] button, #nav button:has-text("Sair")')
  await ana.page.waitForURL(/sign-in/)
  const phone = await stage.db.selectFrom('phones').selectAll().where('endpoint', '=', 'padaria-sol-101').executeTakeFirstOrThrow()
  t.match(phone, { digest: null, expires_at: null })
  await until('the registration to be gone', async () => {
    const left = await stage.db.selectFrom('ps_contacts').select('id').where('endpoint', '=', 'padaria-sol-101').execute()
    return left.length === 0
  })
})

/** Collects the states that the first row of a history shows. */
async function rowStates(page: Page): Promise<() => string[]> {
  const states: string[] = []
  await page.exposeFunction('rowChanged', (state: string) => states.at(-1) !== state && states.push(state))
  await page.evaluate(() => {
    const look = () => {
      const row = document.querySelector('#calls .call')
      const state = row && [...row.classList].find((name) => name.startsWith('call--'))?.slice('call--'.length)
      if (state) (window as unknown as { rowChanged(state: string): void }).rowChanged(state)
    }
    new MutationObserver(look).observe(document.querySelector('#page') ?? document.body, {
      subtree: true,
      childList: true,
      attributes: true,
    })
  })
  return () => states
}
