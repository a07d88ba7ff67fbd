import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { inTransaction } from '../../domain/database/transaction.ts'
import { addOperator, removeOperator } from '../../domain/accounts/operators.ts'
import { registers, scene, scenePassword } from '../../domain/testing/scene.ts'
import { asks, clicks, hangsUp, second } from '../../domain/testing/steps.ts'
import { verdicts } from '../../domain/policy/verdicts.ts'
import { hasMessage } from '../locales/translate.ts'
import { site } from '../testing/site.ts'

const state = mkdtempSync(join(tmpdir(), 'ramal-state-'))
t.teardown(() => rmSync(state, { recursive: true, force: true }))
const now = second(600)
const web = await site(t, {
  clock: { now: () => now },
  env: {
    RAMAL_AGI_LISTEN: '127.0.0.1:1',
    RAMAL_WEB_LISTEN: '127.0.0.1:1',
    RAMAL_BACKUP_STATE_DIR: state,
    RAMAL_WATCH_STATE_DIR: state,
    RAMAL_MONITOR_DIR: join(state, 'gone'),
  },
})
const olga = { name: 'Olga Prado', email: 'olga@ramal.example' }
await inTransaction(web.db, (trx) => addOperator(trx, { ...olga, password: scenePassword }))

t.test('an operator sees the state of the whole server, idle and busy', async (t) => {
  const browser = await web.signedIn(olga)
  t.equal((await browser.get('/')).headers.get('location'), '/server')
  const quiet = await browser.get('/server')
  t.equal(quiet.status, 200)
  for (const words of [
    'Nenhuma ligação agora.',
    'Nenhuma ligação terminou hoje.',
    'Nenhuma ligação foi recusada hoje.',
    '</span><span>nenhum<',
    'não existe',
    'ramal-fastagi</dt><dd><span class="dot dot--trouble"></span><span>com falha: connect ECONNREFUSED',
  ])
    t.match(quiet.text, words)

  const sol = await scene(web.db)
  const lua = await scene(web.db, { balanceSeconds: 0 })
  for (const agent of [sol.ana, sol.bruno, lua.ana]) await registers(web.db, agent, now)
  const first = await clicks(web.db, sol, sol.ana, second(0))
  await asks(web.db, sol.ana, first, second(1))
  await asks(web.db, sol.bruno, await clicks(web.db, sol, sol.bruno, second(2)), second(3))
  await hangsUp(web.db, first, second(20))
  await asks(web.db, lua.ana, '', second(5), '11987654301')
  writeFileSync(join(state, 'last-good.json'), JSON.stringify({ finishedAt: second(-3600) }))
  const { text } = await browser.get('/server')
  t.match(text, /<td>Padaria Sol \d+<\/td>\s*<td class="right number">1<\/td>\s*<td class="right number">0<\/td>/)
  t.match(text, '<dt>sem saldo</dt><dd class="number">1</dd>')
  t.match(text, '<dt>telefones registrados</dt><dd>3</dd>')
  t.match(text, '<dt>ligações com minutos reservados</dt><dd>1</dd>')
  t.notMatch(text, '</span><span>nenhum<')
  t.notMatch(text, 'Nenhuma ligação terminou hoje.')

  await browser.post('/locale', { locale: 'en' })
  t.match((await browser.get('/server')).text, '<dt>no minutes left</dt><dd class="number">1</dd>')
  t.notMatch((await browser.fragment('/server', 'server')).text, '<html', 'it asks again for the part that changes')
})

t.test('an operator reads when Asterisk hung and was restarted', async (t) => {
  const browser = await web.signedIn(olga)
  t.notMatch((await browser.get('/server')).text, 'Asterisk hung')
  writeFileSync(join(state, 'hangs'), `${second(-90_000).toISOString()}\n${second(-3600).toISOString()}\n`)
  const { text } = await browser.get('/server')
  t.match(text, /dot--trouble"><\/span>\s+Asterisk hung and was restarted: [^<]*11:00\./, 'the last time, on the clock of the operator')
  t.equal(text.match(/Asterisk hung/g)?.length, 1)
})

t.test('an unreadable last backup is not shown as a missing one', async (t) => {
  const file = join(state, 'last-good.json')
  rmSync(file)
  mkdirSync(file)
  const { status, text } = await (await web.signedIn(olga)).get('/server')
  t.equal(status, 200)
  t.match(text, '<span class="dot dot--trouble"></span><span>unknown: EISDIR')
  t.notMatch(text, '<span>none<')
})

t.test('company users do not see it, and an operator sees no page of a company', async (t) => {
  const { ana, marcia } = await scene(web.db)
  for (const user of [ana, marcia]) t.equal((await (await web.signedIn(user)).get('/server')).status, 404)
  t.equal((await web.visitor().get('/server')).status, 303)
  const browser = await web.signedIn(olga)
  for (const path of ['/contacts', '/calls', '/balance', '/live', '/rules', '/phone']) t.equal((await browser.get(path)).status, 404, path)
  await inTransaction(web.db, (trx) => removeOperator(trx, olga.email, now))
  t.equal((await browser.get('/server')).status, 303, 'a removed operator loses access at once')
})

t.test('there are words for each reason to refuse', (t) => {
  for (const verdict of verdicts) if (verdict !== 'allowed') t.ok(hasMessage(`refusal.${verdict}`), verdict)
  t.end()
})
