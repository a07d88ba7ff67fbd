import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import t from 'tap'
import { registers, scene, type SceneAgent } from '../../../domain/testing/scene.ts'
import { site } from '../../testing/site.ts'

const web = await site(t)
const sol = await scene(web.db)

interface BrowserCredential {
  uri: string
  endpoint: string
  password: string
  realm: string
  wsUrl: string
  expiresAt: string
  iceServers: unknown[]
}

/** What Asterisk would compare a password with. */
async function accepted({ endpoint }: { endpoint: string }): Promise<string | undefined> {
  const { rows } = await sql<{ md5_cred: string }>`select md5_cred from ps_auths where id = ${endpoint}`.execute(web.db)
  return rows[0]?.md5_cred
}

function digest({ endpoint, realm, password }: BrowserCredential): string {
  return createHash('md5').update(`${endpoint}:${realm}:${password}`).digest('hex')
}

t.test('the page gets a password that works at once, is in no HTML, and is invalid after signing out', async (t) => {
  const browser = await web.signedIn(sol.ana)
  const answer = await browser.post('/phone/credential')
  t.equal(answer.status, 200)
  t.equal(answer.headers.get('cache-control'), 'no-store')
  const credential = JSON.parse(answer.text) as BrowserCredential
  t.match(credential, {
    uri: `sip:${sol.ana.endpoint}@ramal.local`,
    endpoint: sol.ana.endpoint,
    realm: 'ramal.local',
    wsUrl: 'ws://127.0.0.1:8088/ws',
  })
  t.same(credential.iceServers, [], 'no TURN server without a setting')
  t.ok(Date.parse(credential.expiresAt) > Date.now())
  t.equal(await accepted(sol.ana), digest(credential))
  for (const path of ['/contacts', '/calls', '/phone', '/contacts/new']) {
    const { text } = await browser.get(path)
    t.notOk(text.includes(credential.password) || text.includes(digest(credential)), path)
  }
  await registers(web.db, sol.ana)
  await browser.post('/sign-out')
  t.not(await accepted(sol.ana), digest(credential))
  t.equal((await web.db.selectFrom('ps_contacts').select('id').execute()).length, 0, 'and the phone is no longer registered')
})

t.test('a page renews its own password, and not one that another browser has replaced', async (t) => {
  const laptop = await web.signedIn(sol.bruno)
  const first = JSON.parse((await laptop.post('/phone/credential')).text) as BrowserCredential
  const renewed = await laptop.post('/phone/credential', { renews: first.expiresAt })
  t.equal(renewed.status, 200)
  const second = JSON.parse(renewed.text) as BrowserCredential
  t.equal(await accepted(sol.bruno), digest(second))
  const mobile = await web.signedIn(sol.bruno)
  const third = JSON.parse((await mobile.post('/phone/credential')).text) as BrowserCredential
  t.equal((await laptop.post('/phone/credential', { renews: second.expiresAt })).status, 409)
  t.equal(await accepted(sol.bruno), digest(third), 'the newer browser keeps the phone')
})

t.test('signing out in one browser leaves the phone to the other that has it', async (t) => {
  const laptop = await web.signedIn(sol.bruno)
  const mobile = await web.signedIn(sol.bruno)
  await laptop.post('/phone/credential')
  const taken = JSON.parse((await mobile.post('/phone/credential')).text) as BrowserCredential
  await registers(web.db, sol.bruno)
  await laptop.post('/sign-out')
  t.equal(await accepted(sol.bruno), digest(taken))
  t.equal((await web.db.selectFrom('ps_contacts').select('id').execute()).length, 1, 'it is still registered')
  const again = await web.signedIn(sol.bruno)
  const renewed = JSON.parse((await mobile.post('/phone/credential', { renews: taken.expiresAt })).text) as BrowserCredential
  await again.post('/sign-out')
  t.equal(await accepted(sol.bruno), digest(renewed), 'a renewed password, too')
  await mobile.post('/sign-out')
  t.not(await accepted(sol.bruno), digest(renewed))
  t.equal((await web.db.selectFrom('ps_contacts').select('id').execute()).length, 0)
})

t.test('no credential without an agent, a token or a session', async (t) => {
  const manager = await web.signedIn(sol.marcia)
  t.equal((await manager.post('/phone/credential')).status, 404)
  const agent = await web.signedIn(sol.ana)
  const forged = await agent.post('/phone/credential', {}, { 'x-csrf-token': 'made up' })
  t.equal(forged.status, 403)
  t.same(JSON.parse(forged.text), { error: 'page-expired' })
  const stranger = web.visitor()
  await stranger.get('/sign-in')
  const signedOut = await stranger.post('/phone/credential')
  t.equal(signedOut.status, 401)
  t.same(JSON.parse(signedOut.text), { error: 'signed-out' })
})

t.test('a desk phone’s password is shown once, replaces the one before, and leaves the browser phone alone', async (t) => {
  const browser = await web.signedIn(sol.ana)
  const desk: Pick<SceneAgent, 'endpoint'> = { endpoint: `${sol.ana.endpoint}-desk` }
  t.match((await browser.get('/phone')).text, 'A anterior, se houver, para de funcionar na hora.')
  const first = await browser.post('/phone/desk-credential')
  const before = await accepted(desk)
  const second = await browser.post(
    '/phone/desk-credential',
    {},
    { 'HX-Request': 'true', 'HX-Request-Type': 'partial', 'HX-Target': 'div#desk-phone' },
  )
  t.match(first.text, '<html')
  t.notMatch(second.text, '<html')
  const [password] = /(?<=<code>)[\w-]{32}(?=<\/code>)/.exec(second.text) ?? ['']
  t.equal(await accepted(desk), createHash('md5').update(`${desk.endpoint}:ramal.local:${password}`).digest('hex'))
  t.not(await accepted(desk), before)
  t.notOk((await browser.get('/phone')).text.includes(password))
})

t.test('an impossible expiry time renews no password, and is not a failure of the site', async (t) => {
  const browser = await web.signedIn(sol.ana)
  await browser.post('/phone/credential')
  for (const renews of ['+275760-09-13T00:00:00.000Z', '-271821-04-20T00:00:00.000Z', '2026-13-45T00:00:00.000Z', '2026-11-25', '1e9'])
    t.equal((await browser.post('/phone/credential', { renews })).status, 400, renews)
  t.equal((await browser.post('/phone/credential', { renews: '9999-12-31T23:59:59.999Z' })).status, 409)
  t.equal((await browser.post('/phone/credential', { renews: '' })).status, 200)
})
