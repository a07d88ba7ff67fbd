import { sql } from 'kysely'
import t from 'tap'
import { scene, scenePassword } from '../../domain/testing/scene.ts'
import { site } from '../testing/site.ts'

const web = await site(t)
const { ana, marcia } = await scene(web.db)

t.test('Ana signs in, sees her leads, and signs out', async (t) => {
  const browser = web.visitor()
  t.equal((await browser.get('/contacts')).headers.get('location'), '/sign-in?next=%2Fcontacts')
  const answer = await browser.signsIn(ana.email, scenePassword)
  t.equal(answer.status, 303)
  t.equal(answer.headers.get('location'), '/')
  t.equal((await browser.get('/')).headers.get('location'), '/contacts')
  t.match((await browser.get('/contacts')).text, 'Maria Souza')
  const stolen = new Map(browser.cookies)
  t.equal((await browser.post('/sign-out')).headers.get('location'), '/sign-in')
  for (const [name, value] of stolen) browser.cookies.set(name, value)
  t.equal((await browser.get('/contacts')).status, 303, 'the session is gone on the server, not only in the browser')
})

t.test('a browser that follows the redirect at once is signed in, even if the session is saved slowly', async (t) => {
  await sql`create trigger slow_sessions before insert on sessions for each row set @slow = sleep(0.3)`.execute(web.db)
  t.teardown(() => sql`drop trigger slow_sessions`.execute(web.db))
  const browser = web.visitor()
  await browser.get('/sign-in')
  const head = await fetch(`${web.origin}/sessions`, {
    method: 'POST',
    redirect: 'manual',
    headers: { Cookie: [...browser.cookies].map((pair) => pair.join('=')).join('; '), 'x-csrf-token': browser.token },
    body: new URLSearchParams({ email: ana.email, password: scenePassword }),
  })
  const [cookie = ''] = head.headers.getSetCookie().filter((each) => each.startsWith('ramal='))
  const next = await fetch(`${web.origin}/contacts`, { redirect: 'manual', headers: { Cookie: cookie.split(';')[0] ?? '' } })
  t.equal(next.status, 200)
})

t.test('a manager starts at the calls', async (t) => {
  const browser = await web.signedIn(marcia)
  t.equal((await browser.get('/')).headers.get('location'), '/calls')
})

t.test('after sign-in the user returns to the requested page, if it is on this site', async (t) => {
  for (const [next, location] of [
    ['/calls?before=1', '/calls?before=1'],
    ['//elsewhere.example', '/'],
    ['/\\elsewhere.example', '/'],
    ['https://elsewhere.example', '/'],
  ] as const) {
    const browser = web.visitor()
    const page = await browser.get(`/sign-in?next=${encodeURIComponent(next)}`)
    t.match(page.text, `name="next" value="${location}"`)
    t.equal((await browser.post('/sessions', { email: ana.email, password: scenePassword, next })).headers.get('location'), location)
  }
})

t.test('a wrong password says so, keeps the e-mail and never shows the password', async (t) => {
  const answer = await web.visitor().signsIn(ana.email, 'not her password')
  t.equal(answer.status, 422)
  t.match(answer.text, 'E-mail ou senha incorretos.')
  t.match(answer.text, `value="${ana.email}"`)
  t.notMatch(answer.text, 'not her password')
})

t.test('a session id from before the sign-in is invalid afterwards', async (t) => {
  const attacker = await web.signedIn(marcia)
  const planted = attacker.cookies.get('ramal') ?? ''
  await attacker.post('/sign-out')
  const victim = web.visitor()
  victim.cookies.set('ramal', planted)
  await victim.signsIn(ana.email, scenePassword)
  t.ok(victim.cookies.get('ramal'))
  t.not(victim.cookies.get('ramal'), planted)
  attacker.cookies.set('ramal', planted)
  t.equal((await attacker.get('/contacts')).status, 303)
})

t.test('a visitor has no session: pages, wrong passwords and a change of language leave nothing in the database', async (t) => {
  const sessions = () => web.db.selectFrom('sessions').select('id_hash').execute()
  const before = (await sessions()).length
  const { bruno } = await scene(web.db)
  for (let n = 0; n < 5; n++) {
    const visitor = web.visitor()
    t.equal((await visitor.signsIn(bruno.email, `guess ${n}`)).status, 422)
    t.equal((await visitor.post('/locale', { locale: 'en' })).status, 303)
    t.match((await visitor.get('/no-such-page')).headers.get('location'), '/sign-in')
    t.notOk(visitor.cookies.has('ramal'))
  }
  t.equal((await sessions()).length, before)
  await web.signedIn(bruno)
  t.equal((await sessions()).length, before + 1)
})

t.test('the token of the sign-in form is valid in every tab of its browser, and in no other browser', async (t) => {
  const browser = web.visitor()
  await browser.get('/sign-in')
  const { token } = browser
  await browser.get('/sign-in')
  t.equal(browser.token, token, 'a second tab does not invalidate the first')
  const attacker = web.visitor()
  await attacker.get('/sign-in')
  const form = { email: ana.email, password: scenePassword }
  for (const forged of ['', attacker.token, 'ã'.repeat(64), token.slice(1)])
    t.equal((await browser.post('/sessions', form, { 'x-csrf-token': encodeURIComponent(forged) })).status, 403)
  const [[name = ''] = []] = [...browser.cookies]
  t.equal(name, 'ramal-visitor')
  browser.cookies.set(name, 'f'.repeat(32))
  t.equal((await browser.post('/sessions', form)).status, 403, 'a planted cookie')
})

t.test('the session cookie is for this site and not for scripts, and its id is not in the database', async (t) => {
  const browser = web.visitor()
  await browser.get('/sign-in')
  const answer = await browser.post('/sessions', { email: ana.email, password: scenePassword })
  const cookie = answer.headers.getSetCookie().find((text) => text.startsWith('ramal=')) ?? ''
  t.match(cookie, /HttpOnly/)
  t.match(cookie, /SameSite=Lax/)
  const id =
    decodeURIComponent(browser.cookies.get('ramal') ?? '')
      .slice(2)
      .split('.')[0] ?? ''
  const rows = await web.db.selectFrom('sessions').selectAll().execute()
  t.equal(id.length, 32)
  t.notOk(JSON.stringify(rows).includes(id))
  t.ok(rows.some((row) => row.user_id === ana.userId))
})

t.test('a form without the token, or from another site, changes nothing', async (t) => {
  const browser = await web.signedIn(ana)
  const withoutToken = await browser.post('/contacts', { name: 'Zé', number: '11 98888-0001' }, { 'x-csrf-token': '' })
  t.equal(withoutToken.status, 403)
  t.match(withoutToken.text, 'Recarregue')
  const crossSite = await browser.post('/contacts', { name: 'Zé', number: '11 98888-0001' }, { 'Sec-Fetch-Site': 'cross-site' })
  t.equal(crossSite.status, 403)
  t.notMatch((await browser.get('/contacts')).text, 'Zé')
  t.equal(
    (await web.visitor().post('/sessions', { email: ana.email, password: scenePassword })).status,
    403,
    'the sign-in form needs a token too',
  )
})

t.test('a disabled user is signed out at the next request', async (t) => {
  const { bruno } = await scene(web.db)
  const browser = await web.signedIn(bruno)
  t.equal((await browser.get('/contacts')).status, 200)
  await web.db.updateTable('users').set({ disabled_at: new Date() }).where('id', '=', bruno.userId).execute()
  t.equal((await browser.get('/contacts')).status, 303)
  t.equal((await web.visitor().signsIn(bruno.email, scenePassword)).status, 422)
})

t.test('htmx in a page whose session ended is sent to the sign-in page', async (t) => {
  const answer = await web.visitor().fragment('/contacts', 'div#contacts')
  t.equal(answer.headers.get('hx-redirect'), '/sign-in')
  t.equal(answer.text, '')
})

t.test('after ten wrong passwords one e-mail has to wait, and others do not', async (t) => {
  const { bruno, ana: anotherAna } = await scene(web.db)
  const guesser = web.visitor()
  for (let guess = 1; guess <= 10; guess++) t.equal((await guesser.signsIn(bruno.email, `guess ${guess}`)).status, 422)
  const refused = await guesser.signsIn(` ${bruno.email.toUpperCase()}`, scenePassword)
  t.equal(refused.status, 429)
  t.match(refused.text, 'Espere 15 minutos')
  t.match(refused.text, bruno.email.toUpperCase(), 'the e-mail is still there')
  t.equal((await web.visitor().signsIn(anotherAna.email, scenePassword)).status, 303)
})
