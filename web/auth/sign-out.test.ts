import { once } from 'node:events'
import { request } from 'node:http'
import { sql } from 'kysely'
import t from 'tap'
import { systemClock, type Clock } from '../../domain/runtime/clock.ts'
import { inTransaction } from '../../domain/database/transaction.ts'
import { findStaffMember, setPassword, signOutEverywhere, type StaffMember } from '../../domain/accounts/staff.ts'
import { registers, scene, scenePassword, type Scene, type SceneAgent } from '../../domain/testing/scene.ts'
import { listens } from '../testing/event-stream.ts'
import { site } from '../testing/site.ts'
import type { Visitor } from '../testing/visitor.ts'

let asked = 0
const clock: Clock = {
  ...systemClock,
  now() {
    asked += 1
    return systemClock.now()
  },
}
const web = await site(t, { clock })
const { db } = web

/** Whether a phone has a password that Asterisk would take: without one it compares with chance, another each time. */
async function mayRegister(endpoint: string): Promise<boolean> {
  const look = async () =>
    (await sql<{ md5_cred: string }>`select md5_cred from ps_auths where id = ${endpoint}`.execute(db)).rows[0]?.md5_cred
  const [first, second] = [await look(), await look()]
  return first !== undefined && first === second
}

const isRegistered = async (endpoint: string) =>
  (await db.selectFrom('ps_contacts').select('id').where('endpoint', '=', endpoint).execute()).length > 0

async function personOf({ tenantId }: Scene, { email }: SceneAgent): Promise<StaffMember> {
  const found = await findStaffMember(db, tenantId, email)
  if (!found) throw new Error(email)
  return found
}

t.test('signing in over another user’s session ends that user’s browser phone at once', async (t) => {
  const sol = await scene(db)
  const browser = await web.signedIn(sol.ana)
  const tab = await listens(t, browser)
  await browser.post('/phone/credential')
  await registers(db, sol.ana)
  t.ok(await mayRegister(sol.ana.endpoint))
  // The form was open in another tab since before Ana signed in.
  t.equal((await browser.post('/sessions', { email: sol.bruno.email, password: scenePassword })).status, 303)
  t.notOk(await mayRegister(sol.ana.endpoint))
  t.notOk(await isRegistered(sol.ana.endpoint))
  await tab.ended
  await browser.get('/contacts')
  t.equal((await browser.post('/phone/credential')).status, 200)
  t.ok(await mayRegister(sol.bruno.endpoint))
})

t.test('a wrong password in a signed-in browser does not end its session', async (t) => {
  const sol = await scene(db)
  const browser = await web.signedIn(sol.ana)
  await browser.post('/phone/credential')
  t.equal((await browser.post('/sessions', { email: sol.bruno.email, password: 'a guess' })).status, 422)
  t.ok(await mayRegister(sol.ana.endpoint))
  t.equal((await browser.get('/contacts')).status, 200)
})

t.test('a plain sign-out ends the browser phone and leaves the desk phone', async (t) => {
  const sol = await scene(db)
  const browser = await web.signedIn(sol.ana)
  await browser.post('/phone/credential')
  await browser.post('/phone/desk-credential')
  for (const endpoint of [sol.ana.endpoint, `${sol.ana.endpoint}-desk`]) await registers(db, { endpoint })
  await browser.post('/sign-out')
  t.notOk(await mayRegister(sol.ana.endpoint))
  t.notOk(await isRegistered(sol.ana.endpoint))
  t.ok(await mayRegister(`${sol.ana.endpoint}-desk`))
  t.ok(await isRegistered(`${sol.ana.endpoint}-desk`))
})

t.test('after a reset the agent reads at sign-in and on the phone page that the desk phone needs a new password', async (t) => {
  const sol = await scene(db)
  const before = await web.signedIn(sol.ana)
  const notice = 'Seu telefone de mesa ou aplicativo foi desconectado quando seu acesso mudou. Gere uma nova senha em Telefone'
  t.notMatch((await before.get('/phone')).text, notice)
  await before.post('/phone/desk-credential')
  const ana = await personOf(sol, sol.ana)
  await inTransaction(db, (trx) => setPassword(trx, sol.tenantId, ana, 'uma senha bem comprida', new Date()))
  t.notOk(await mayRegister(`${sol.ana.endpoint}-desk`))
  t.equal((await before.get('/contacts')).status, 303, 'the user is signed out')

  const browser = web.visitor()
  await browser.get('/sign-in')
  await browser.post('/sessions', { email: sol.ana.email, password: 'uma senha bem comprida' })
  t.match((await browser.get('/contacts')).text, notice)
  t.notMatch((await browser.get('/contacts')).text, notice, 'once')
  t.match((await browser.get('/phone')).text, notice)
  await browser.post('/locale', { locale: 'en' })
  t.match((await browser.get('/phone')).text, 'Generate a new password under Phone')
  await browser.post('/phone/desk-credential')
  t.ok(await mayRegister(`${sol.ana.endpoint}-desk`))
  t.notMatch((await browser.get('/phone')).text, 'Generate a new password under Phone')
})

t.test('a request in progress when the session ends does not restore the phone', async (t) => {
  const sol = await scene(db)
  const ana = await personOf(sol, sol.ana)
  const ends = {
    'a sign-out': async (browser: Visitor) => void (await browser.post('/sign-out')),
    'signing out everywhere': () => inTransaction(db, (trx) => signOutEverywhere(trx, ana, new Date())),
  }
  for (const [name, end] of Object.entries(ends))
    for (const path of ['/phone/credential', '/phone/desk-credential']) {
      const browser = await web.signedIn(sol.ana)
      const slow = await begins(browser, path)
      await end(browser)
      t.equal(await slow.finishes(), 401, `${path} after ${name}`)
      for (const endpoint of [sol.ana.endpoint, `${sol.ana.endpoint}-desk`]) t.notOk(await mayRegister(endpoint), `${path} after ${name}`)
    }
})

t.test('a sign-in with the old password in progress during the reset opens nothing', async (t) => {
  await sql`create trigger slow_sessions before insert on sessions for each row set @slow = sleep(1)`.execute(db)
  t.teardown(() => sql`drop trigger slow_sessions`.execute(db))
  const sol = await scene(db)
  const ana = await personOf(sol, sol.ana)
  const browser = web.visitor()
  await browser.get('/sign-in')
  const answer = browser.post('/sessions', { email: sol.ana.email, password: scenePassword })
  const isSaving = async () =>
    (await sql`select 1 from information_schema.processlist where state = 'User sleep' and db = database()`.execute(db)).rows.length > 0
  while (!(await isSaving())) await new Promise((resolve) => setTimeout(resolve, 10))
  await inTransaction(db, (trx) => setPassword(trx, sol.tenantId, ana, 'uma senha bem comprida', new Date()))
  t.equal((await answer).status, 303, 'the password was right when it was checked')
  t.equal((await browser.get('/contacts')).headers.get('location'), '/sign-in?next=%2Fcontacts')
})

/** Sends the head of a form and keeps its body back until the site has found out who asks. */
async function begins(browser: Visitor, path: string): Promise<{ finishes(): Promise<number> }> {
  const sending = request(web.origin + path, {
    method: 'POST',
    headers: {
      Cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      'x-csrf-token': browser.token,
      'Content-Type': 'application/x-www-form-urlencoded',
      'Content-Length': 3,
    },
  })
  const before = asked
  sending.flushHeaders()
  // Asked for the time when it looks for the session, and again when it has the person and chooses the language.
  while (asked < before + 2) await new Promise((resolve) => setTimeout(resolve, 5))
  return {
    async finishes() {
      const answer = once(sending, 'response')
      sending.end('a=b')
      const [response] = (await answer) as [{ statusCode: number; resume(): void }]
      response.resume()
      return response.statusCode
    },
  }
}
