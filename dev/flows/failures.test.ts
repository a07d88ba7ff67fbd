import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { writeCallFile } from '../../domain/telephony/call-files.ts'
import { keepConnections, untilSoundBothWays } from './media-flow.ts'
import { raiseStage } from './stage.ts'
import { until } from './until.ts'

const stage = await raiseStage(t, 'failures')
const { db, stack } = stage
const ana = await stage.signsIn('ana')
await keepConnections(ana)
await ana.turnsPhoneOn()
const spoolDir = stack.env.RAMAL_SPOOL_DIR
const outgoing = join(spoolDir, 'outgoing')

/** nginx's answer while the site restarts. */
const badGateway = {
  status: 502,
  contentType: 'text/html',
  body: '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><h1>502 Bad Gateway</h1></body>\r\n</html>',
}

t.test('a call file that Asterisk reads again, during and after its call, dials once', async (t) => {
  const id = await ana.clicks('Maria Souza')
  await stage.callIs(id, ['answered'])
  await writeCallFile(spoolDir, id, 'padaria-sol-101')
  await until('Asterisk to have taken the second file', async () => !(await readdir(outgoing)).includes(`${id}.call`))
  t.equal((await stage.call(id)).state, 'answered', 'the call goes on')
  await ana.hangsUp()
  const ended = await stage.callIs(id, ['ended'])
  await writeCallFile(spoolDir, id, 'padaria-sol-101')
  await until('Asterisk to have taken the third file', async () => !(await readdir(outgoing)).includes(`${id}.call`))
  t.equal(stage.invitesTo('+5511987654301').length, 1)
  t.same(await stage.call(id), ended, 'and the call is unchanged')
})

t.test('a call file with an unknown call id dials no lead', async (t) => {
  const id = 'f'.repeat(32)
  await writeCallFile(spoolDir, id, 'padaria-sol-101')
  await until('Asterisk to have taken the file', async () => !(await readdir(outgoing)).includes(`${id}.call`))
  t.equal(stage.invitesTo('+5511987654301').length, 1)
  t.equal((await stage.books()).held, 0)
})

t.test(
  'while the AGI server is down, the agent hears a prompt, the row says so, and nothing is charged; afterwards the next click works',
  async (t) => {
    const books = await stage.books()
    await stack.fastagi.stop()
    const startedAt = performance.now()
    const id = await ana.clicks('João Lima')
    const leg = await until(
      'the agent’s leg',
      async () => /PJSIP\/padaria-sol-101-\w+/.exec(await stack.asterisk.cli('core show channels concise'))?.[0],
    )
    await until('the prompt', async () => (await stack.asterisk.cli('core show channels concise')).includes('Playback'))
    await until('the agent’s leg to end', async () => !(await stack.asterisk.cli('core show channels concise')).includes(leg))
    // The promise is three seconds from the question: `npm run bench:silence` measures it.
    console.error(`failures: over ${((performance.now() - startedAt) / 1000).toFixed(1)} s after the click, including the ringing`)
    t.match(await stage.callIs(id, ['refused']), { outcome: 'our-failure', billed_seconds: 0 })
    await ana.reads('Algo falhou do nosso lado. A ligação não foi feita nem cobrada.')
    t.equal(stage.invitesTo('+5511987654302').length, 0)
    t.same(await stage.books(), books)

    await stack.fastagi.start()
    const next = await ana.clicks('João Lima')
    t.match(await stage.callIs(next, ['ended']), { outcome: 'answered', hung_up_by: 'lead' })
  },
)

t.test('after a dial while the AGI server is down, the dial pad says that it was our fault, and keeps the number', async (t) => {
  await ana.reads('Atendida')
  await ana.page.waitForSelector('#phone[data-call=none]')
  await stack.fastagi.stop()
  await ana.page.fill('form[data-phone=dial] input[name=number]', '(11) 98765-4302')
  await ana.page.click('form[data-phone=dial] .call-button')
  await ana.page.locator('[data-error=our-failure]', { hasText: 'Algo falhou do nosso lado' }).waitFor()
  t.equal(await ana.page.inputValue('form[data-phone=dial] input[name=number]'), '(11) 98765-4302')
  t.equal(await ana.page.locator('#phone-call').innerText(), '', 'the panel shows no other call')
  await stack.fastagi.start()
})

t.test('a locked button says why when it is pressed', async (t) => {
  const id = await ana.clicks('Igor Teles')
  await stage.callIs(id, ['answered'])
  await ana.callButton('Maria Souza').dispatchEvent('click')
  await ana.page.locator('#notices', { hasText: 'Você já está em uma ligação' }).waitFor()
  await ana.hangsUp()
  t.match(await stage.callIs(id, ['ended']), { hung_up_by: 'agent' })
  await until('the list of leads to say so', async () =>
    /hoje, atendeu/.test(await ana.page.locator('.contact', { hasText: 'Igor Teles' }).innerText()),
  )
})

t.test('the site restarts during a call and nginx answers for it: the page stays and says so, and the call continues', async (t) => {
  const id = await ana.clicks('Igor Teles')
  await stage.callIs(id, ['answered'])
  await ana.reads('Em ligação')
  const asked: string[] = []
  await ana.page.route('**/*', (route) => {
    asked.push(route.request().url())
    return route.fulfill(badGateway)
  })
  await stack.web.stop()
  const failsGently = async (what: string) => {
    await ana.page.locator('#notices', { hasText: 'Sem resposta do servidor' }).waitFor()
    t.match(await ana.page.innerText('#page'), /Igor Teles/, `after ${what} the page is still shown`)
    await ana.page.click('#notices [data-dismiss]')
  }
  await ana.page.click('#nav a[href="/calls"]')
  await failsGently('a link')
  await ana.page.click('#nav a[href="/tasks"]')
  await failsGently('the next link')
  await ana.page.fill('#page input[type=search]', 'Igor')
  await failsGently('a search')
  await untilSoundBothWays(stage, ana, 'the call to go on')
  const triesToListen = () => asked.filter((url) => /\/live\?version=[^&]+&after=\d+$/.test(url)).length
  await until('the page to have reconnected its live stream twice', () => triesToListen() >= 2)
  await ana.hangsUp()
  t.match(await stage.callIs(id, ['ended']), { hung_up_by: 'agent' })
  await stack.web.start()
  await ana.page.unroute('**/*')
  await ana.page.evaluate(() => window.dispatchEvent(new Event('online')))
  await ana.reads(/Atendida · \d+ s · você desligou/)
  await ana.page.click('#nav a[href="/calls"]')
  await ana.page.waitForSelector('#calls')
  await ana.page.click('#nav a[href="/contacts"]')
  await ana.page.waitForSelector('#phone[data-call=none]')
})

t.test('an import and the page of the server retry after a failed answer', async (t) => {
  await stack.worker.stop()
  const { page } = await stage.signsIn('marcia')
  await page.route('**/contact-imports/*', async (route) =>
    (await route.request().headerValue('hx-target')) === 'div#contact-import' ? route.fulfill(badGateway) : route.continue(),
  )
  await page.goto(`${stack.url}/contact-imports/new`)
  await page.setInputFiles('input[type=file]', { name: 'feira.csv', mimeType: 'text/csv', buffer: Buffer.from('(11) 98765-4311') })
  await page.click('#page form button.primary')
  await page.click('#page form[action^="/contact-imports/"] button.primary')
  await page.locator('#notices', { hasText: 'Sem resposta do servidor' }).waitFor()
  t.match(await page.innerText('#contact-import'), 'Na fila para importar…')
  await page.unroute('**/contact-imports/*')
  await stack.worker.start()
  await page.locator('#contact-import', { hasText: 'Leads novos: 1' }).waitFor()
  await page.context().close()

  const { page: server } = await stage.signsIn('olga', 'ramal')
  // The site's answer for a part of a page while its database is down.
  const away = { status: 503, contentType: 'text/html', body: '<main id="page"><h1>Voltamos já</h1></main>' }
  await server.route('**/server', (route) => route.fulfill(away))
  // Do not wait for its 15 seconds.
  await server.dispatchEvent('#server', 'every')
  await server.locator('#notices', { hasText: 'Sem resposta do servidor' }).waitFor()
  await server.unroute('**/server')
  await server.$eval('#server', (shown) => shown.toggleAttribute('data-before'))
  await server.dispatchEvent('#server', 'every')
  await server.waitForSelector('#server:not([data-before])')
  await server.context().close()
})

t.test('when the minutes end during a call, its ticks alone warn, end and charge the call', async (t) => {
  const tenantId = await stage.tenantId()
  const { balance } = await stage.books()
  await db.transaction().execute(async (trx) => {
    await trx
      .updateTable('tenants')
      .set({ balance_seconds: 12, first_block_seconds: 6, next_block_seconds: 6, free_seconds: 0 })
      .where('id', '=', tenantId)
      .execute()
    await trx
      .insertInto('ledger_entries')
      .values({
        tenant_id: tenantId,
        kind: 'adjustment',
        seconds: 12 - balance,
        balance_after_seconds: 12,
        call_id: null,
        created_at: new Date(),
      })
      .execute()
  })
  // The worker would end the call as well.
  await stack.worker.stop()
  const id = await ana.clicks('Igor Teles')
  await ana.reads('Em ligação')
  await ana.reads('Seu saldo acaba')
  const ended = await stage.callIs(id, ['ended'])
  t.match(ended, { hung_up_by: 'balance', billed_seconds: 12 })
  t.ok(ended.talk_seconds >= 11 && ended.talk_seconds <= 13, `${ended.talk_seconds} s of talk on 12 s of balance`)
  t.same(await stage.books(), { balance: 0, held: 0, ledger: 0, leases: 0 })
  await ana.page.waitForSelector('#phone[data-call=none]')
  const refused = ana.page.waitForResponse((response) => /\/calls$/.test(response.url()))
  await ana.callButton('Maria Souza').click()
  t.equal((await refused).headers()['x-refusal'], 'no-balance')
  await ana.page.getByText('Sem saldo de minutos. Peça uma recarga ao gestor.').first().waitFor()
})
