import { sql } from 'kysely'
import t from 'tap'
import { inTransaction } from '../../domain/database/transaction.ts'
import { findStaffMember, setPassword, signOutEverywhere, type StaffMember } from '../../domain/accounts/staff.ts'
import { scene, scenePassword, type Scene } from '../../domain/testing/scene.ts'
import { findTypedAccount } from '../../domain/accounts/users.ts'
import { site, type Site } from '../testing/site.ts'
import type { Visitor } from '../testing/visitor.ts'

// Every test has a site of its own: all its visitors have one address, whose failures are counted too.
const { db } = await site(t)
const newSite = (t: Parameters<typeof site>[0]) => site(t, { db })

/** Types a wrong password once for each e-mail; what the site answered. */
async function guesses(browser: Visitor, emails: readonly string[]): Promise<number[]> {
  const answers: number[] = []
  for (const email of emails) answers.push((await browser.signsIn(email, 'a guess')).status)
  return answers
}

const ten = (email: string) => Array.from({ length: 10 }, () => email)
const tenWrong = ten('').map(() => 422)

/** As the database reads them, all the same. */
const spellings = (email: string) => [
  email,
  email.toUpperCase(),
  ` ${email} `,
  email.replace('a', 'á'),
  email.replace('a', 'ａ'),
  email.replace('a', 'a\u0301'),
  email.replace('@', '\u200b@'),
  email.replace('@', '\u200d@'),
  email.replace('@', '＠'),
  `${email} \u200b`,
]

/** A browser in which that person has signed in, and out again. */
async function knownBrowser(web: Site, person: { email: string }): Promise<Visitor> {
  const browser = await web.signedIn(person)
  await browser.post('/sign-out')
  return browser
}

async function resets({ tenantId }: Scene, { email }: { email: string }, password: string): Promise<void> {
  const person = (await findStaffMember(db, tenantId, email)) as StaffMember
  await inTransaction(db, (trx) => setPassword(trx, tenantId, person, password, new Date()))
}

t.test('an account allows ten wrong passwords, in any spelling of its e-mail', async (t) => {
  const web = await newSite(t)
  const { ana, bruno } = await scene(db)
  t.same(await guesses(web.visitor(), spellings(ana.email)), tenWrong)
  for (const email of spellings(ana.email)) t.equal((await web.visitor().signsIn(email, scenePassword)).status, 429, email)
  t.equal((await web.visitor().signsIn(bruno.email, scenePassword)).status, 303, 'a colleague does not wait')
})

t.test('an unknown e-mail is limited alike, so the limit does not reveal which accounts exist', async (t) => {
  const web = await newSite(t)
  const { slug } = await scene(db)
  const unknown = `unknown@${slug}.example`
  t.same(await guesses(web.visitor(), spellings(unknown)), tenWrong)
  t.same(
    await guesses(web.visitor(), spellings(unknown)),
    ten('').map(() => 429),
  )
  t.same(await guesses(web.visitor(), [`another@${slug}.example`]), [422], 'another unknown e-mail has its own count')
})

t.test('two spellings count together exactly when the database finds them equal', async (t) => {
  const texts = [
    'ana@x',
    'ána@x',
    'ANA@x',
    'ana @x',
    'ana@x\u200b',
    'ana@x \u200b',
    'ana@x\u00a0',
    'ana@x\u200b \u200b',
    'ana@x\t\u200b',
    'anna@x',
  ]
  texts.push(
    'straße@x',
    'strasse@x',
    'strase@x',
    'æ@x',
    'ae@x',
    '😀@x',
    '😎@x',
    '@x',
    '\u200b',
    '',
    ' ',
    '\u0000',
    'a'.repeat(300),
    'i@x',
    'ı@x',
    'İ@x',
  )
  const keys = await Promise.all(texts.map((text) => findTypedAccount(db, text).then(({ key }) => key)))
  for (const [n, one] of texts.entries())
    for (const [m, other] of texts.entries()) {
      const [sent, sentOther] = [one, other].map((text) => text.trim().toLowerCase())
      const same = await isSame(sent ?? '', sentOther ?? '')
      if ((keys[n] === keys[m]) !== same) t.fail(`${JSON.stringify(one)} and ${JSON.stringify(other)}: the database says ${same}`)
    }
  t.ok(keys.every((key) => key.startsWith('unknown ')))
})

t.test('a stranger who uses up all guesses does not lock out a browser that signed in before', async (t) => {
  const web = await newSite(t)
  const { ana } = await scene(db)
  const own = await knownBrowser(web, ana)
  const stranger = web.visitor()
  t.same(await guesses(stranger, ten(ana.email)), tenWrong)
  t.equal((await stranger.signsIn(ana.email, scenePassword)).status, 429)
  t.equal((await own.signsIn(ana.email, scenePassword)).status, 303, 'Ana is signed in')
  t.equal((await stranger.signsIn(ana.email, scenePassword)).status, 429, 'the other browser still waits')
})

t.test('a known browser has its own ten guesses', async (t) => {
  const web = await newSite(t)
  const { ana } = await scene(db)
  const [own, other] = [await knownBrowser(web, ana), await knownBrowser(web, ana)]
  t.same(await guesses(own, ten(ana.email)), tenWrong)
  t.equal((await own.signsIn(ana.email, scenePassword)).status, 429)
  t.equal((await other.signsIn(ana.email, scenePassword)).status, 303)
  t.same(await guesses(web.visitor(), [ana.email]), [422], 'the count of other browsers is unchanged')
})

t.test('a browser that is known for one account is unknown for another, and still needs the password', async (t) => {
  const web = await newSite(t)
  const { ana, bruno } = await scene(db)
  const brunos = await knownBrowser(web, bruno)
  t.same(await guesses(web.visitor(), ten(ana.email)), tenWrong)
  t.equal((await brunos.signsIn(ana.email, scenePassword)).status, 429)
  const cookie = brunos.cookies.get('known-browser') ?? ''
  t.match(cookie, new RegExp(`^${bruno.userId}\\.`))
  brunos.cookies.set('known-browser', cookie.replace(/^\d+/, String(ana.userId)))
  t.equal((await brunos.signsIn(ana.email, scenePassword)).status, 429, 'a cookie with the id of another account does not count')
  const stranger = web.visitor()
  stranger.cookies.set('known-browser', cookie)
  t.equal((await stranger.get('/contacts')).status, 303)
  t.equal((await stranger.signsIn(bruno.email, 'a guess')).status, 422)
})

t.test('a browser that several people share knows each of them', async (t) => {
  const web = await newSite(t)
  const { ana, bruno, marcia } = await scene(db)
  const shared = web.visitor()
  for (const { email } of [ana, bruno, marcia]) {
    await shared.signsIn(email, scenePassword)
    await shared.post('/sign-out')
  }
  for (const { email } of [ana, bruno, marcia]) {
    t.same(await guesses(web.visitor(), ten(email)), tenWrong)
    t.equal((await shared.signsIn(email, scenePassword)).status, 303, email)
    await shared.post('/sign-out')
  }
})

t.test('a new password, or signing out everywhere, makes every browser a stranger again', async (t) => {
  const web = await newSite(t)
  const sol = await scene(db)
  const [anas, brunos] = [await knownBrowser(web, sol.ana), await knownBrowser(web, sol.bruno)]
  await resets(sol, sol.ana, 'uma senha bem comprida')
  const bruno = (await findStaffMember(db, sol.tenantId, sol.bruno.email)) as StaffMember
  await inTransaction(db, (trx) => signOutEverywhere(trx, bruno, new Date()))
  for (const { email } of [sol.ana, sol.bruno]) t.same(await guesses(web.visitor(), ten(email)), tenWrong)
  t.equal((await anas.signsIn(sol.ana.email, 'uma senha bem comprida')).status, 429)
  t.equal((await brunos.signsIn(sol.bruno.email, scenePassword)).status, 429)
})

t.test('the cookie is not for scripts, nor for other pages or sites, and lasts half a year', async (t) => {
  const { ana } = await scene(db)
  for (const [env, secure] of [
    [{}, false],
    [{ RAMAL_BEHIND_TLS: 'yes' }, true],
  ] as const) {
    const web = await site(t, { db, env })
    const browser = web.visitor({ 'X-Forwarded-Proto': 'https' })
    await browser.get('/sign-in')
    const answer = await browser.post('/sessions', { email: ana.email, password: scenePassword })
    const cookie = answer.headers.getSetCookie().find((text) => text.startsWith('known-browser=')) ?? ''
    t.match(cookie, /; Max-Age=15552000; Path=\/sessions; .*HttpOnly;.* SameSite=Lax/)
    t.equal(/; Secure/.test(cookie), secure)
  }
})

t.test('an address allows sixty failures, even from a known browser', async (t) => {
  const web = await newSite(t)
  const { ana, slug } = await scene(db)
  const own = await knownBrowser(web, ana)
  for (let n = 0; n < 60; n++) await web.visitor().signsIn(`${n}@${slug}.example`, 'a guess')
  t.equal((await own.signsIn(ana.email, scenePassword)).status, 429)
})

async function isSame(one: string, other: string): Promise<boolean> {
  const { rows } = await sql<{ same: number }>`
    select convert(${one} using utf8mb4) collate utf8mb4_unicode_ci = convert(${other} using utf8mb4) collate utf8mb4_unicode_ci as same
  `.execute(db)
  return rows[0]?.same === 1
}
