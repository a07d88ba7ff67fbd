import t from 'tap'
import { plugIn, installFakeDevices, sound, unplug } from './fake-devices.ts'
import { raiseStage } from './stage.ts'
import { until } from './until.ts'

const stage = await raiseStage(t, 'devices')
const ana = await stage.signsIn('ana')
const { page } = ana
await installFakeDevices(ana)
const [first, second] = ['Fake Audio Input 1', 'Fake Audio Input 2']

/** Waits until sound is sent and received again. */
async function soundFlows(): Promise<void> {
  const before = await sound(page)
  await until('sound both ways', async () => {
    const now = await sound(page)
    return now.sent > before.sent && now.heard > before.heard
  })
}

/** Delays the answer to a lead search until the returned function runs. */
async function answersLate(search: string): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  await page.route(`**/contacts?*q=${search}*`, async (route) => {
    await promise
    await route.continue()
  })
  return resolve
}

t.test('the settings remember the chosen microphone by its name', async (t) => {
  await ana.turnsPhoneOn()
  await page.click('[data-phone=open-settings]')
  await until('the meter to move', () => page.$eval('[data-phone=meter-settings]', (meter) => (meter as HTMLMeterElement).value > 0.2))
  await page.selectOption('[data-phone=choose-microphone]', first)
  await page.click('[data-phone=play-speaker]')
  await page.keyboard.press('Escape')
  await page.reload()
  await ana.turnsPhoneOn()
  await page.click('[data-phone=open-settings]')
  await until('the list', () => page.$eval('[data-phone=choose-microphone]', (list) => (list as HTMLSelectElement).options.length > 1))
  t.equal(await page.inputValue('[data-phone=choose-microphone]'), first)
  await page.keyboard.press('Escape')
  await page.waitForSelector('[data-phone=settings]', { state: 'hidden' })
})

t.test('complaint 8: both sides hear each other after a headset is unplugged or plugged in during a call', async (t) => {
  await unplug(page, second)
  const id = await ana.clicks('Maria Souza')
  await stage.callIs(id, ['answered'])
  await ana.reads('Em ligação')
  t.equal((await sound(page)).microphone, first, 'the call has the chosen microphone')
  await soundFlows()
  await until('the meter of the call', () =>
    page.$eval('[data-phone=meter-microphone]', (meter) => (meter as HTMLMeterElement).value > 0.2),
  )

  await plugIn(page, second)
  await page.getByText(`Usando ${second} agora`).waitFor()
  t.equal((await sound(page)).microphone, second, 'the call switches to a newly plugged headset')
  await soundFlows()
  await page.locator('[data-phone-notice=device-followed]').getByRole('button', { name: 'Desfazer' }).click()
  await page.getByText(`Usando ${first} de novo`).waitFor()
  t.equal((await sound(page)).microphone, first, 'unless the agent switches back')

  await page.click('[data-phone=mute]')
  await page.getByText('Você está falando com o microfone mudo').waitFor()
  await unplug(page, first)
  await page.locator('[data-phone-notice=device-replaced]').waitFor()
  const { microphone, sent } = await sound(page)
  t.not(microphone, first, 'an unplugged one is replaced')
  await page.waitForTimeout(1500)
  t.equal((await sound(page)).sent, sent, 'and muted stays muted')
  await page.click('[data-phone=mute]')
  await soundFlows()
  t.match(await stage.call(id), { state: 'answered' }, 'it is still the same call')
  await ana.hangsUp()
  await stage.callIs(id, ['ended'])
})

t.test('the quality of the call is stored with it, and its page shows it as text', async (t) => {
  const { id } = await stage.newestCall()
  const quality = await until('the quality report of the browser', () =>
    stage.db.selectFrom('call_quality').selectAll().where('call_id', '=', id).executeTakeFirst(),
  )
  console.error(`devices: the quality of the call is ${quality.mean_mos_tenths / 10} of 5`)
  t.ok(quality.mean_mos_tenths >= 10 && quality.mean_mos_tenths <= 50, 'from 1 to 5')
  await page.goto(`${stage.stack.url}/calls/${id}`)
  await page.getByText(/nota \d,\d de 5/).waitFor()
})

t.test('complaint 7: the page explains why the microphone fails, and requests no call without one', async (t) => {
  await page.goto(`${stage.stack.url}/contacts`)
  await ana.turnsPhoneOn()
  const before = (await stage.newestCall()).id
  const asked: string[] = []
  page.on('request', (request) => request.method() === 'POST' && asked.push(new URL(request.url()).pathname))
  for (const [name, line, words] of [
    ['NotAllowedError', 'microphone-denied', 'Clique no cadeado ao lado do endereço e permita'],
    ['NotFoundError', 'microphone-missing', 'Conecte um e tente de novo'],
    ['NotReadableError', 'microphone-busy', 'Outro programa está usando o microfone'],
  ] as const) {
    await page.evaluate((name) => {
      const media = navigator.mediaDevices as MediaDevices & { real?: MediaDevices['getUserMedia'] }
      media.real ??= media.getUserMedia.bind(media)
      media.getUserMedia = () => Promise.reject(new DOMException('', name))
    }, name)
    await ana.callButton('Maria Souza').click()
    await page.waitForSelector(`#phone[data-line=${line}][data-call=none]`)
    t.ok(await page.locator('#phone').getByText(words).first().isVisible(), words)
    await page.evaluate(() => {
      const media = navigator.mediaDevices as MediaDevices & { real?: MediaDevices['getUserMedia'] }
      if (media.real) media.getUserMedia = media.real
    })
    await ana.turnsPhoneOn()
  }
  t.same(
    asked.filter((path) => path.endsWith('/calls')),
    [],
    'the page requested no call',
  )
  t.equal((await stage.newestCall()).id, before)
})

t.test('the echo test goes through Asterisk, distinguishes a working from a mute microphone, and is not a call', async (t) => {
  const before = (await stage.newestCall()).id
  await page.click('[data-phone=open-settings]')
  await page.click('[data-phone=start-echo]')
  await page.getByText('Tudo certo: seu microfone e sua conexão funcionam').waitFor()
  t.ok(Number(await page.textContent('[data-phone=echo-delay]')) > 0)
  await page.evaluate(() => {
    const media = navigator.mediaDevices
    const open = media.getUserMedia.bind(media)
    media.getUserMedia = async (constraints) => {
      const stream = await open(constraints)
      for (const track of stream.getAudioTracks()) track.enabled = false
      return stream
    }
  })
  await page.click('[data-phone=start-echo]')
  await page.getByText('Seu microfone está mudo: nenhum som chegou').waitFor()
  t.equal((await stage.newestCall()).id, before, 'it is not in the history')
  t.same(stage.stack.carrier.invites().length, 1, 'and never reached a carrier')
})

t.test('a report of the last ten minutes reaches the operator without a password in it', async (t) => {
  await page.click('[data-phone=send-report]')
  await page.getByText('Relatório enviado. Avise o suporte da sua empresa').waitFor()
  const report = await stage.db.selectFrom('phone_reports').selectAll().executeTakeFirstOrThrow()
  t.match(report.entries, /"kind":"echo-test","facts":\{"verdict":"good"/)
  t.match(report.entries, /"line":"ready"/)
  t.notMatch(report.entries, /password|ice-pwd|fingerprint|a=candidate/i)
  t.match(report.browser, /Chrome/)
  await page.keyboard.press('Escape')
})

t.test('complaint 13: an agent makes a whole call with the keyboard, from the search to the hang-up', async (t) => {
  await page.goto(`${stage.stack.url}/contacts`)
  await ana.turnsPhoneOn()
  const { keyboard } = page
  await keyboard.press('?')
  await page.getByRole('dialog').getByText('próximo lead').waitFor()
  await keyboard.press('Escape')
  await keyboard.press('/')
  // The result for the last key arrives after the agent has chosen a row of the earlier result.
  const release = await answersLate('Igor')
  await keyboard.type('Igo')
  await until('one lead to be left', async () => (await page.locator('#page [data-row]').count()) === 1)
  const searched = page.waitForRequest(/q=Igor/)
  await keyboard.type('r')
  await searched
  // Leave the field.
  await keyboard.press('Tab')
  await page.evaluate(() => (document.activeElement as HTMLElement).blur())
  await keyboard.press('j')
  const chosen = await page.$('[data-row]:focus')
  release()
  await until('the row to be replaced', () => chosen?.evaluate((row) => !row.isConnected))
  t.equal(await page.locator('[data-row]:focus').count(), 1, 'its row is still the chosen one')
  const before = (await stage.newestCall()).id
  await keyboard.press('c')
  const { id } = await until('a call', async () => {
    const call = await stage.newestCall()
    return call.id !== before && call
  })
  await stage.callIs(id, ['answered'])
  await page.waitForSelector('#phone[data-call=up]')
  await keyboard.press('m')
  await page.waitForSelector('#phone[data-muted]')
  await keyboard.press('m')
  await page.waitForSelector('#phone:not([data-muted])')
  await keyboard.press('h')
  await page.waitForSelector('#phone[data-held]')
  await keyboard.press('h')
  await page.waitForSelector('#phone:not([data-held])')
  await keyboard.press('d')
  await page.waitForSelector('#phone-keys:not([hidden])')
  await keyboard.press('5')
  await keyboard.press('Escape')
  await page.waitForSelector('#phone-keys', { state: 'hidden' })
  await keyboard.press('p')
  await keyboard.press('Enter')
  t.match(await stage.callIs(id, ['ended']), { outcome: 'answered', hung_up_by: 'agent' })
})
