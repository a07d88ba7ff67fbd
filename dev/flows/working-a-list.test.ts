import t from 'tap'
import { raiseStage } from './stage.ts'
import { until } from './until.ts'

const stage = await raiseStage(t, 'working-a-list')
const ana = await stage.signsIn('ana')
await ana.turnsPhoneOn()
const { page } = ana
const focused = () => page.evaluate(() => document.activeElement?.closest('[data-row]')?.textContent ?? '')
const state = '#phone-wrap-up [data-wrap-up-state]'

t.test('with the keyboard an agent calls, chooses the disposition, writes a note, and goes to the next lead', async (t) => {
  for (const seen = new Set<string>(); !(await focused()).includes('João Lima');) {
    await page.keyboard.press('j')
    if (seen.has(await focused())) throw new Error('João is not in the list')
    seen.add(await focused())
  }
  const asked = page.waitForResponse((response) => /\/contacts\/\d+\/calls$/.test(response.url()))
  await page.keyboard.press('c')
  const callId = (await asked).headers()['x-call-id'] ?? ''
  await stage.callIs(callId, ['answered'])
  await page.waitForSelector('#phone-wrap-up textarea')
  await page.keyboard.press('a')
  await page.keyboard.type('Quer a proposta')
  await stage.callIs(callId, ['ended'])
  await ana.reads(/Atendida/)
  await page.keyboard.type(' até sexta')
  await until('the note to be saved', async () => (await page.innerText(state)) === 'Salvo')
  t.equal(await page.inputValue('#phone-wrap-up textarea'), 'Quer a proposta até sexta', 'the end of the call did not interrupt the agent')

  await page.keyboard.press('Escape')
  await page.keyboard.press('r')
  await page.keyboard.press('ArrowRight')
  await until('the disposition to be stored', async () => (await stored(callId)).label === 'Interessado')
  t.equal((await stored(callId)).note, 'Quer a proposta até sexta')
  await page.keyboard.press('n')
  t.match(await focused(), 'Maria Souza', 'the one after João')
})

t.test('a note written while the site is unreachable survives a crash of the page', async (t) => {
  await page.route('**/wrap-up', (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()))
  await page.fill('#phone-wrap-up textarea', 'Escrito sem rede')
  await until('the page to say so', async () => (await page.innerText(state)).startsWith('Sem conexão'))
  const callId = (await page.getAttribute('#phone-wrap-up form', 'data-wrap-up')) ?? ''
  await page.goto('about:blank')
  await page.unroute('**/wrap-up')
  await page.goto(`${stage.stack.url}/calls/${callId}`)
  t.equal(await page.inputValue('#note-page'), 'Escrito sem rede')
  await until('the site to have it', async () => (await stored(callId)).note === 'Escrito sem rede')
})

t.test('if the form of a call fails to load, the form of the call before it still goes away; the new one comes later', async (t) => {
  await page.goto(`${stage.stack.url}/contacts`)
  await ana.turnsPhoneOn()
  await page.waitForSelector('#phone-wrap-up textarea')
  await page.route('**/wrap-up', (route) => route.abort())
  const callId = await ana.clicks('Maria Souza')
  await page.waitForSelector(`#phone-call [data-current-call="${callId}"]`)
  await page.waitForSelector('#phone-wrap-up form', { state: 'detached' })
  await page.locator('#notices', { hasText: 'Sem resposta do servidor' }).waitFor()
  await page.unroute('**/wrap-up')
  await page.waitForSelector(`#phone-wrap-up [data-wrap-up="${callId}"]`)
  await ana.hangsUp()
  t.match(await stage.callIs(callId, ['ended']), { hung_up_by: 'agent' })
})

t.test('the page of a call is not replaced while a user writes a reason or a time on it, but right after', async (t) => {
  await page.waitForSelector('#phone[data-call=none]')
  const callId = await ana.clicks('Maria Souza')
  await stage.callIs(callId, ['answered'])
  await ana.reads('Em ligação')
  await page.click('#nav a[href="/calls"]')
  await page.click(`#call-${callId} a.strong`)
  await page.click('.call-page__stop summary')
  await page.fill('#reason', 'Pediu que não')
  await page.click('#callback-page summary')
  const asked: string[] = []
  page.on('request', (request) => request.url().endsWith(`/calls/${callId}`) && asked.push(request.url()))
  await ana.hangsUp()
  await ana.reads(/Atendida/)
  t.equal(await page.inputValue('#reason'), 'Pediu que não')
  await page.click('.call-page__stop summary')
  t.same(asked, [], 'the end of the call did not interrupt the agent')
  await page.click('#callback-page button[value="1h"]')
  await page.locator('.call-page__outcome', { hasText: 'Atendida' }).waitFor()
})

async function stored(callId: string): Promise<{ label: string | null; note: string | null }> {
  return stage.db
    .selectFrom('calls')
    .leftJoin('dispositions', 'dispositions.id', 'calls.disposition_id')
    .leftJoin('call_notes', 'call_notes.call_id', 'calls.id')
    .select(['dispositions.label', 'call_notes.note'])
    .where('calls.id', '=', callId)
    .executeTakeFirstOrThrow()
}
