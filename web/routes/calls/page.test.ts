import { chmod, readFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { setCallingHours, usualHours } from '../../../domain/policy/calling-hours.ts'
import { authorizeCall } from '../../../domain/calls/outgoing/authorize.ts'
import { inTransaction } from '../../../domain/database/transaction.ts'
import { registers, scene } from '../../../domain/testing/scene.ts'
import { site } from '../../testing/site.ts'
import { momentAt } from '../../../domain/testing/clock.ts'

const web = await site(t)
const outgoing = join(web.config.spoolDir, 'outgoing')

t.test('Ana clicks Maria: a call file with the id and nothing else, and the panel says what happens', async (t) => {
  const { ana, maria } = await scene(web.db)
  await registers(web.db, ana)
  const browser = await web.signedIn(ana)
  const answer = await browser.post(`/contacts/${maria.id}/calls`)
  t.equal(answer.status, 201)
  const callId = answer.headers.get('x-call-id') ?? ''
  t.match(callId, /^[0-9a-f]{32}$/)
  t.match(answer.text, 'Chamando seu telefone…')
  t.match(answer.text, 'Maria Souza')
  const file = await readFile(join(outgoing, `${callId}.call`), 'utf8')
  t.match(file, `Setvar: RAMAL_CALL=${callId}`)
  t.match(file, `Setvar: RAMAL_PHONE=${ana.endpoint}\n`)
  t.match(file, 'Channel: Local/wait@ring-agent/n\n', 'the phone is rung by the dialplan, which follows no redirect')
  for (const typed of ['Maria', 'Empório', '98765', '4301']) t.notMatch(file, typed)
  t.match((await browser.get('/contacts')).text, `data-current-call="${callId}"`, 'a page opened now shows the call')

  const second = await browser.post(`/contacts/${maria.id}/calls`)
  t.equal(second.status, 409)
  t.equal(second.headers.get('x-refusal'), 'already-on-a-call')
  t.match(second.text, 'Você já está em uma ligação.')
  t.equal((await readdir(outgoing)).length, 1)
})

t.test('a refused call shows a sentence and writes no call file', async (t) => {
  const before = (await readdir(outgoing)).length
  const offline = await scene(web.db)
  const broke = await scene(web.db, { balanceSeconds: 29 })
  const suspended = await scene(web.db, { tenant: { status: 'suspended' } })
  for (const { ana } of [broke, suspended]) await registers(web.db, ana)
  for (const [{ ana, maria }, reason, words] of [
    [offline, 'phone-offline', 'Seu telefone está desconectado'],
    [broke, 'no-balance', 'Sem saldo de minutos. Peça uma recarga ao gestor.'],
    [suspended, 'tenant-suspended', 'A conta da empresa está suspensa'],
  ] as const) {
    const answer = await (await web.signedIn(ana)).post(`/contacts/${maria.id}/calls`)
    t.equal(answer.status, 409)
    t.equal(answer.headers.get('x-refusal'), reason)
    t.match(answer.text, words)
    t.match(answer.text, /^<div class="notice/)
  }
  t.equal((await readdir(outgoing)).length, before)
})

t.test('outside the hours of the company the click is refused with the hours', async (t) => {
  const clock = { now: () => new Date('2026-11-22T15:00:00Z') }
  const sunday = await site(t, { db: web.db, clock })
  const { ana, maria, tenantId } = await scene(web.db)
  await registers(web.db, ana, clock.now())
  const weekdays = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, fromMinute: 540, toMinute: 1080 }))
  await inTransaction(web.db, (trx) => setCallingHours(trx, tenantId, weekdays))
  for (const [language, sentence] of [
    ['pt-BR', 'Fora do horário permitido (seg–sex, 9h–18h).'],
    ['en', 'Outside calling hours (Mon–Fri, 9–18).'],
  ] as const) {
    const answer = await (await sunday.signedIn(ana, { 'Accept-Language': language })).post(`/contacts/${maria.id}/calls`)
    t.equal(answer.headers.get('x-refusal'), 'outside-hours')
    t.match(answer.text, sentence)
  }
})

t.test('on a national holiday the click is refused with its name, and so does the history say', async (t) => {
  const clock = { now: () => new Date('2026-11-20T15:00:00Z') }
  const friday = await site(t, { db: web.db, clock })
  const { ana, maria, tenantId } = await scene(web.db)
  await registers(web.db, ana, clock.now())
  await inTransaction(web.db, (trx) => setCallingHours(trx, tenantId, usualHours))
  for (const [language, sentence] of [
    ['pt-BR', 'Feriado nacional (Consciência Negra): a empresa não faz ligações.'],
    ['en', 'National holiday (Black Awareness Day): your company makes no calls.'],
  ] as const) {
    const browser = await friday.signedIn(ana, { 'Accept-Language': language })
    const answer = await browser.post(`/contacts/${maria.id}/calls`)
    t.equal(answer.headers.get('x-refusal'), 'holiday')
    t.match(answer.text, sentence)
  }
  const dialled = { callId: '', dialled: maria.e164, endpoint: ana.endpoint, channel: 'PJSIP/x-1', uniqueId: '1.1' }
  t.match(await authorizeCall(web.db, dialled, momentAt(clock.now())), { verdict: 'holiday' })
  t.match((await (await friday.signedIn(ana)).get('/calls')).text, 'Feriado nacional (Consciência Negra)')
})

t.test('a manager has no phone to call with', async (t) => {
  const { marcia, maria } = await scene(web.db)
  t.equal((await (await web.signedIn(marcia)).post(`/contacts/${maria.id}/calls`)).status, 404)
})

t.test('if the call file cannot be written, the call ends with a message, and the next click works', async (t) => {
  const { ana, maria } = await scene(web.db)
  await registers(web.db, ana)
  const browser = await web.signedIn(ana)
  const staging = join(web.config.spoolDir, 'tmp')
  await rm(staging, { recursive: true })
  const answer = await browser.post(`/contacts/${maria.id}/calls`)
  t.equal(answer.status, 500)
  t.equal(answer.headers.get('x-refusal'), 'unavailable')
  t.match(answer.text, 'Algo falhou do nosso lado. A ligação não foi feita nem cobrada.')
  const { mkdir } = await import('node:fs/promises')
  await mkdir(staging)
  await chmod(staging, 0o770)
  t.equal((await browser.post(`/contacts/${maria.id}/calls`)).status, 201)
})
