import t from 'tap'
import { raiseStage } from './stage.ts'
import { until } from './until.ts'

const stage = await raiseStage(t, 'spend-alarm')
const tenantId = await stage.tenantId()
// The first block of thirty seconds triggers the alarm.
await stage.db.updateTable('tenants').set({ spend_alarm_floor_seconds: 20 }).where('id', '=', tenantId).execute()
const ana = await stage.signsIn('ana')
await ana.turnsPhoneOn()
const marcia = await stage.signsIn('marcia')
const banner = (page: typeof ana.page) => page.locator('#banner .banner')

t.test('after an expensive hour the next click is refused with a reason, and the manager sees why without a reload', async (t) => {
  await marcia.page.evaluate(() => document.body.setAttribute('data-not-reloaded', ''))
  await stage.callIs(await ana.clicks('João Lima'), ['ended'])
  t.equal(await banner(marcia.page).count(), 0)

  await ana.page.waitForSelector('#phone[data-call=none]')
  const answered = ana.page.waitForResponse((response) => /\/contacts\/\d+\/calls$/.test(response.url()))
  await ana.callButton('Maria Souza').click()
  const response = await answered
  t.equal(response.status(), 409)
  t.equal(response.headers()['x-refusal'], 'outbound-paused')
  await ana.page
    .locator('#notices')
    .getByText('As ligações da empresa estão pausadas: consumo acima do normal. Fale com o gestor.')
    .waitFor()
  await banner(ana.page).getByText('Peça ao gestor para liberar.').waitFor()
  t.equal(await banner(ana.page).getByRole('button').count(), 0)
  t.equal(stage.invitesTo('+5511987654301').length, 0, 'and no lead was dialled')

  await banner(marcia.page).getByText('Nesta hora foram 1 min, acima do alarme de 1 min por hora.').waitFor()
  t.equal(await marcia.page.locator('body[data-not-reloaded]').count(), 1)
})

t.test('one click of the manager ends the pause: both banners go, and the agent’s next click reaches the lead', async (t) => {
  await banner(marcia.page).getByRole('button', { name: 'Liberar ligações' }).click()
  await marcia.page.locator('#notices').getByText('Ligações liberadas.').waitFor()
  for (const { page } of [ana, marcia]) await banner(page).waitFor({ state: 'detached' })
  t.equal(await marcia.page.locator('body[data-not-reloaded]').count(), 1, 'and her page was never reloaded')

  const id = await ana.clicks('Maria Souza')
  await stage.callIs(id, ['answered'])
  await ana.reads('Em ligação')
  await ana.hangsUp()
  t.match(await stage.callIs(id, ['ended']), { outcome: 'answered' })
  const { released_by } = await stage.db
    .selectFrom('outbound_pauses')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .executeTakeFirstOrThrow()
  t.equal(released_by, 'marcia@padaria-sol.example')
})

t.test('a lead asks not to be called: the manager sees it on the list, and the agent’s call button is locked', async (t) => {
  await ana.page.getByRole('link', { name: 'Não ligar mais para Maria Souza' }).click()
  await ana.page.fill('#reason', 'Pediu na ligação')
  await ana.page.getByRole('button', { name: 'Não ligar mais' }).click()
  const button = ana.callButton('Maria Souza')
  await button.and(ana.page.locator('[data-locked]')).waitFor()
  // An agent may still press the locked button.
  await button.click({ force: true })
  await ana.page.locator('#notices').getByText('Esse contato pediu para não receber ligações.').waitFor()
  t.equal(stage.invitesTo('+5511987654301').length, 1, 'only the earlier call')

  await marcia.page.click('#nav a[href="/do-not-call"]')
  const row = marcia.page.locator('.entry').filter({ hasText: 'Maria Souza' })
  t.match(await row.innerText(), /Pediu na ligação[^]*ana@padaria-sol\.example/)
  await row.getByRole('button').click()
  await marcia.page.getByRole('button', { name: 'Desfazer' }).click()
  await row.waitFor()
  const noted = () => stage.db.selectFrom('do_not_call').selectAll().where('e164', '=', '+5511987654301').executeTakeFirst()
  t.match(await until('the number to be back', noted), { reason: 'Pediu na ligação', author: 'ana@padaria-sol.example' })
})
