import t from 'tap'
import { plugIn, plugsIn, sound, unplug } from './plugs.ts'
import { raiseStage } from './stage.ts'
import { until } from './until.ts'

const stage = await raiseStage(t, 'devices')
const ana = await stage.signsIn('ana')
const { page } = ana
await plugsIn(ana)
const [first, second] = ['Fake Audio Input 1', 'Fake Audio Input 2']

/** Waits until sound goes out and comes back again. */
async function soundFlows(): Promise<void> {
  const before = await sound(page)
  await until('sound both ways', async () => {
    const now = await sound(page)
    return now.sent > before.sent && now.heard > before.heard
  })
}

/** Holds the answer to a search of the leads until it is let go. */
async function answersLate(search: string): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  await page.route(`**/contacts?*q=${search}*`, async (route) => {
    await promise
    await route.continue()
  })
  return resolve
}

t.test('the microphone that was chosen in the settings is remembered by its name', async (t) => {
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

t.test('complaint 8: a headset that is unplugged or plugged in during a call leaves nobody unheard', async (t) => {
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
  t.equal((await sound(page)).microphone, second, 'a headset that is plugged in is followed')
  await soundFlows()
  await page.locator('[data-phone-notice=device-followed]').getByRole('button', { name: 'Desfazer' }).click()
  await page.getByText(`Usando ${first} de novo`).waitFor()
  t.equal((await sound(page)).microphone, first, 'unless the agent undoes that')

  await page.click('[data-phone=mute]')
  await page.getByText('Você está falando com o microfone mudo').waitFor()
  await unplug(page, first)
  await page.locator('[data-phone-notice=device-replaced]').waitFor()
  const { microphone, sent } = await sound(page)
  t.not(microphone, first, 'one that is gone is replaced')
  await page.waitForTimeout(1500)
  t.equal((await sound(page)).sent, sent, 'and muted stays muted')
  await page.click('[data-phone=mute]')
  await soundFlows()
  t.match(await stage.call(id), { state: 'answered' }, 'it is the same call all the time')
  await ana.hangsUp()
  await stage.callIs(id, ['ended'])
})

t.test('how the call sounded is kept with it, and stands on its page in words', async (t) => {
  const { id } = await stage.newestCall()
  const quality = await until('the browser to have said it', () =>
    stage.db.selectFrom('call_quality').selectAll().where('call_id', '=', id).executeTakeFirst(),
  )
  console.error(`devices: the sound of the call is worth ${quality.mean_mos_tenths / 10} of 5`)
  t.ok(quality.mean_mos_tenths >= 10 && quality.mean_mos_tenths <= 50, 'from 1 to 5')
  await page.goto(`${stage.stack.url}/calls/${id}`)
  await page.getByText(/nota \d,\d de 5/).waitFor()
})

t.test('complaint 7: no microphone is said as what it is, and no call is asked for without one', async (t) => {
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
    'the site was never asked for a call',
  )
  t.equal((await stage.newestCall()).id, before)
})

t.test('the echo test goes through Asterisk, tells a microphone that works from one that is mute, and is no call', async (t) => {
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
  await page.getByText('Seu microfone está mudo: nada chegou dele').waitFor()
  t.equal((await stage.newestCall()).id, before, 'it stands in no history')
  t.same(stage.stack.carrier.invites().length, 1, 'and never reached a carrier')
})

t.test('a report of the last ten minutes reaches the operator, without a password', async (t) => {
  await page.click('[data-phone=send-report]')
  await page.getByText('Relatório enviado. Avise o suporte da sua empresa').waitFor()
  const report = await stage.db.selectFrom('phone_reports').selectAll().executeTakeFirstOrThrow()
  t.match(report.entries, /"kind":"echo-test","facts":\{"verdict":"good"/)
  t.match(report.entries, /"line":"ready"/)
  t.notMatch(report.entries, /password|ice-pwd|fingerprint|a=candidate/i)
  t.match(report.browser, /Chrome/)
  await page.keyboard.press('Escape')
})

t.test('complaint 13: a whole call by keyboard, from the search to hanging up', async (t) => {
  await page.goto(`${stage.stack.url}/contacts`)
  await ana.turnsPhoneOn()
  const { keyboard } = page
  await keyboard.press('?')
  await page.getByRole('dialog').getByText('próximo lead').waitFor()
  await keyboard.press('Escape')
  await keyboard.press('/')
  // The answer to the last key comes when the row has been chosen already, from the answer to the keys before it.
  const release = await answersLate('Igor')
  await keyboard.type('Igo')
  await until('one lead to be left', async () => (await page.locator('#page [data-row]').count()) === 1)
  const searched = page.waitForRequest(/q=Igor/)
  await keyboard.type('r')
  await searched
  // The first key that is not typed: out of the field.
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
