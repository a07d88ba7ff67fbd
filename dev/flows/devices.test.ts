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
  await page.getByText(`Agora usamos ${second}`).waitFor()
  t.equal((await sound(page)).microphone, second, 'a headset that is plugged in is followed')
  await soundFlows()
  await page.locator('[data-phone-notice=device-followed]').getByRole('button', { name: 'Desfazer' }).click()
  await page.getByText(`Voltamos a usar ${first}`).waitFor()
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
