import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import t from 'tap'
import { openDatabase } from '../../domain/database/pool.ts'
import { testDatabase } from '../../domain/testing/database.ts'
import { scene } from '../../domain/testing/scene.ts'
import { site } from '../testing/site.ts'

t.test('with its database the site is healthy', async (t) => {
  const web = await site(t)
  const answer = await web.visitor().get('/health')
  t.equal(answer.status, 200)
  t.same(JSON.parse(answer.text), { ok: true })
})

t.test('without its database the site says so, in both languages, and is not healthy', async (t) => {
  const db = openDatabase('mysql://ramal:x@127.0.0.1:1/ramal')
  t.teardown(() => db.destroy())
  const web = await site(t, { db, own: db })
  t.equal((await web.visitor().get('/health')).status, 503)
  const browser = web.visitor()
  const page = await browser.get('/sign-in')
  t.equal(page.status, 503)
  t.match(page.text, 'Tente de novo em alguns instantes')
  t.notMatch(page.text, /ECONN|at .*\.ts/)
  browser.cookies.set('locale', 'en')
  t.match((await browser.get('/sign-in')).text, 'Try again in a moment')
})

t.test('while the database hangs, repeated health checks do not each wait for it', async (t) => {
  const asked = new Set<Socket>()
  const hanging = createServer((socket) => asked.add(socket))
  await once(hanging.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => {
    for (const socket of asked) socket.destroy()
    hanging.close()
  })
  const db = openDatabase(`mysql://ramal:x@127.0.0.1:${(hanging.address() as AddressInfo).port}/ramal`, { connectTimeoutMs: 500 })
  t.teardown(() => db.destroy())
  const web = await site(t, { db, own: db })
  for (let address = 0; address < 10; address++) t.equal((await web.visitor().get('/health')).status, 503)
  t.ok(asked.size < 4, `${asked.size} of ten asked the database`)
})

t.test('a page that does not exist keeps the frame for a signed-in user', async (t) => {
  const web = await site(t)
  const { ana } = await scene(web.db)
  const browser = await web.signedIn(ana)
  const page = await browser.get('/no-such-page')
  t.equal(page.status, 404)
  t.match(page.text, 'Não encontramos essa página')
  t.match(page.text, '<aside id="phone"')
  const fragment = await browser.fragment('/no-such-page', 'div#contacts')
  t.equal(fragment.status, 404)
  t.equal(fragment.headers.get('hx-retarget'), '#notices')
  t.match(fragment.text, /^<div class="notice/)
})

t.test('a failure of the site shows a sentence and a code, never a stack trace', async (t) => {
  const db = await testDatabase(t)
  const web = await site(t, { db })
  const { ana } = await scene(db)
  const browser = await web.signedIn(ana)
  await db.schema.alterTable('contacts').renameTo('contacts_elsewhere').execute()
  const page = await browser.get('/contacts')
  t.equal(page.status, 500)
  t.match(page.text, /informe este código: [0-9a-f]{8}/)
  t.notMatch(page.text, /contacts_elsewhere|ER_NO_SUCH|node_modules|\.ts:/)
  const fragment = await browser.fragment('/contacts', 'div#contacts')
  t.equal(fragment.status, 500)
  t.match(fragment.text, /^<div class="notice notice--trouble/)
})

t.test('a form that is too long or malformed is refused with a sentence', async (t) => {
  const web = await site(t)
  const { ana } = await scene(web.db)
  const browser = await web.signedIn(ana)
  const answer = await browser.post('/contacts', { name: 'x'.repeat(110_000) })
  t.equal(answer.status, 413)
  t.match(answer.text, 'Não entendemos o pedido')
  t.equal((await browser.get('/calls/%E0%A4%A')).status, 400)
  t.equal((await browser.get('/calls?before=rubbish')).status, 200)
})
