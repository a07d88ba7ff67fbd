/** Every limit and rule of a company: one call that it stops, and one that works again once it is lifted. Asked as Asterisk asks. */
import { readFileSync } from 'node:fs'
import type { Updateable } from 'kysely'
import t from 'tap'
import { topUp } from '../../domain/balance/ledger.ts'
import { setCallingHours, usualHours } from '../../domain/policy/calling-hours.ts'
import { loadConfig } from '../../domain/runtime/config.ts'
import type { TenantsTable } from '../../domain/database/schema.ts'
import { destinationClasses, type DestinationClass } from '../../domain/telephony/destination-classes.ts'
import { setDestination } from '../../domain/policy/destination-rules.ts'
import { addDoNotCall, removeDoNotCall } from '../../domain/policy/do-not-call.ts'
import { createLog } from '../../domain/runtime/log.ts'
import { setSaleRate, setTrunkRate } from '../../domain/balance/rates.ts'
import { findPause, releaseOutbound } from '../../domain/policy/spend-alarm.ts'
import { lockTenant } from '../../domain/tenants/tenants.ts'
import { heldClock } from '../../domain/testing/clock.ts'
import { asProcess, testDatabase } from '../../domain/testing/database.ts'
import { scene, type Scene, type SceneAgent } from '../../domain/testing/scene.ts'
import { books, second } from '../../domain/testing/steps.ts'
import { verdicts } from '../../domain/policy/verdicts.ts'
import type { AgiContext } from '../context.ts'
import { fakeAsterisk } from '../testing/fake-asterisk.ts'
import { createAgiServer } from '../server.ts'
import { answered } from './answered.ts'
import { authorize } from './authorize.ts'
import { hangup } from './hangup.ts'
import { renewLease } from './renew-lease.ts'

const db = await testDatabase(t)
let now = second(0)
const log = createLog('test', 'silent')
const server = createAgiServer<AgiContext>({
  scripts: { authorize, answered, 'renew-lease': renewLease, hangup },
  context: {
    db: await asProcess(t, db, 'fastagi'),
    config: loadConfig({ RAMAL_DATABASE_URL: 'mysql://unused' }),
    clock: heldClock(() => now),
    log,
  },
  log,
})
await server.listen({ host: '127.0.0.1', port: 0 })
t.teardown(() => server.close())
const asterisk = fakeAsterisk(server.address.port)
const lead = '11987654301'

/** What authorize says of a number dialled on an agent's phone. */
async function dials(agent: SceneAgent, number = lead): Promise<Record<string, string>> {
  const run = await asterisk.runs('authorize', ['', encodeURIComponent(number)], { channel: `PJSIP/${agent.endpoint}-0000001a` })
  t.equal(run.status, 'SUCCESS')
  return run.variables
}

const verdictOf = async (agent: SceneAgent, number = lead) => (await dials(agent, number))['RAMAL_VERDICT']

/** A call from the answer, now, to the hang-up after `seconds`. */
async function talks(call: Record<string, string>, agent: SceneAgent, seconds: number): Promise<void> {
  const id = call['RAMAL_CALL'] ?? ''
  await asterisk.runs('answered', [id, 'carrier-a'], { channel: 'PJSIP/carrier-a-0000001b' })
  now = new Date(now.getTime() + seconds * 1000)
  await asterisk.runs('hangup', [id, 'ANSWER', '200', '16', '1', '16'], { channel: `PJSIP/${agent.endpoint}-0000001a`, dead: true })
}

/** A call that rang and was given up. */
async function gives(call: Record<string, string>, agent: SceneAgent): Promise<void> {
  await asterisk.runs('hangup', [call['RAMAL_CALL'] ?? '', 'CANCEL', '180', '0', '', '16'], {
    channel: `PJSIP/${agent.endpoint}-0000001a`,
    dead: true,
  })
}

const set = (sol: Scene, policy: Updateable<TenantsTable>) => db.updateTable('tenants').set(policy).where('id', '=', sol.tenantId).execute()
const find = (id = '') => db.selectFrom('calls').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const readJson = (path: string) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')) as Record<string, string>

t.test('every refusal is said in both languages, on the page and by voice', async (t) => {
  for (const language of ['pt-BR', 'en']) {
    const [words, voice] = [readJson(`web/locales/${language}.json`), readJson(`dialplan/prompts/${language}.json`)]
    for (const verdict of verdicts.filter((each) => each !== 'allowed')) {
      t.ok(words[`verdict.${verdict}`], `${language} ${verdict}`)
      t.ok(voice[verdict], `${language} ${verdict}, spoken`)
    }
  }
})

t.test('an agent has one call at a time, a company as many as it has lines', async (t) => {
  now = second(0)
  const sol = await scene(db, { tenant: { max_calls: 1 } })
  const first = await dials(sol.ana)
  t.equal(first['RAMAL_VERDICT'], 'allowed')
  t.equal(await verdictOf(sol.ana), 'too-many-calls', 'her own second')
  t.equal(await verdictOf(sol.bruno), 'too-many-calls', 'the company’s second')
  await gives(first, sol.ana)
  t.equal(await verdictOf(sol.bruno), 'allowed')
})

t.test('so many calls a second, and the next second again', async (t) => {
  now = second(0)
  const sol = await scene(db, { tenant: { max_calls_per_second: 1 } })
  t.equal(await verdictOf(sol.ana), 'allowed')
  now = second(0.9)
  t.equal(await verdictOf(sol.bruno), 'too-fast')
  now = second(1.1)
  t.equal(await verdictOf(sol.bruno), 'allowed')
})

t.test('a clock that was set back does not count the calls of its future', async (t) => {
  now = second(3600)
  const sol = await scene(db, { tenant: { max_calls_per_second: 1 } })
  await gives(await dials(sol.ana), sol.ana)
  now = second(0)
  t.equal(await verdictOf(sol.ana), 'allowed')
})

t.test('a call is as long as the company allows', async (t) => {
  const sol = await scene(db, { tenant: { max_call_seconds: 90 } })
  const call = await dials(sol.ana)
  t.equal(call['RAMAL_LIMIT_MS'], '90000')
  await talks(call, sol.ana, 90)
  t.match(await find(call['RAMAL_CALL']), { hung_up_by: 'limit', billed_seconds: 90 })
})

t.test('a call keeps the limit that it began with', async (t) => {
  const sol = await scene(db, { tenant: { max_call_seconds: 90 } })
  const cut = await dials(sol.ana)
  await set(sol, { max_call_seconds: 7200 })
  await talks(cut, sol.ana, 90)
  t.match(await find(cut['RAMAL_CALL']), { hung_up_by: 'limit' }, 'raised during the call')
  const long = await dials(sol.ana)
  await set(sol, { max_call_seconds: 60 })
  await talks(long, sol.ana, 100)
  t.match(await find(long['RAMAL_CALL']), { hung_up_by: 'lead' }, 'lowered during the call')
})

t.test('so many calls a day for an agent and for a company; the next day again, by the company’s clocks', async (t) => {
  const day = (hour: number) => new Date(Date.UTC(2026, 10, 24, hour))
  now = day(12)
  const sol = await scene(db, { tenant: { agent_day_calls_limit: 1, day_calls_limit: 2 } })
  await gives(await dials(sol.ana), sol.ana)
  t.equal(await verdictOf(sol.ana), 'daily-limit', 'hers is reached')
  const second = await dials(sol.bruno)
  t.equal(second['RAMAL_VERDICT'], 'allowed')
  await gives(second, sol.bruno)
  await set(sol, { agent_day_calls_limit: null })
  t.equal(await verdictOf(sol.ana), 'daily-limit', 'and now the company’s')
  now = day(26)
  t.equal(await verdictOf(sol.ana), 'daily-limit', 'at 23 h in São Paulo it is still today')
  now = day(27.5)
  t.equal(await verdictOf(sol.ana), 'allowed')
})

t.test('so many seconds a day: a call is held to what is left, cut at it, and then refused', async (t) => {
  for (const limit of ['agent_day_seconds_limit', 'day_seconds_limit'] as const) {
    now = second(0)
    const sol = await scene(db, { tenant: { [limit]: 60 } })
    const call = await dials(sol.ana)
    t.equal((await books(db, sol.tenantId)).held, 60, `${limit}: no more than the day leaves`)
    const id = call['RAMAL_CALL'] ?? ''
    await asterisk.runs('answered', [id, 'carrier-a'])
    now = second(59)
    t.match((await asterisk.runs('renew-lease', [id])).variables, { RAMAL_LEASE: 'over' })
    await asterisk.runs('hangup', [id, 'ANSWER', '200', '16', '', '16'], { channel: `PJSIP/${sol.ana.endpoint}-0000001a`, dead: true })
    t.match(await find(id), { hung_up_by: 'limit', billed_seconds: 60 })
    t.equal(await verdictOf(sol.ana), 'daily-limit')
    await set(sol, { [limit]: 600 })
    t.equal(await verdictOf(sol.ana), 'allowed')
  }
})

t.test('a call that an agent passed on still counts for their day', async (t) => {
  now = second(0)
  const sol = await scene(db, { tenant: { agent_day_seconds_limit: 180 } })
  const first = await dials(sol.ana)
  await asterisk.runs('answered', [first['RAMAL_CALL'] ?? '', 'carrier-a'])
  await db
    .updateTable('calls')
    .set({ open_agent_id: null })
    .where('id', '=', first['RAMAL_CALL'] ?? '')
    .execute()
  const next = await dials(sol.ana)
  t.equal(next['RAMAL_VERDICT'], 'allowed')
  t.equal((await books(db, sol.tenantId)).held, 180, '120 s of the first, and what is left for the second')
  now = second(60)
  await asterisk.runs('renew-lease', [first['RAMAL_CALL'] ?? ''])
  t.equal((await books(db, sol.tenantId)).held, 180)
})

t.test('an hour that costs far more than usual pauses the company, until a manager resumes it', async (t) => {
  now = second(0)
  const sol = await scene(db, { tenant: { spend_alarm_floor_seconds: 60, spend_alarm_factor: 3, usual_hour_seconds: 30 } })
  await talks(await dials(sol.ana), sol.ana, 120)
  t.equal(await verdictOf(sol.ana), 'outbound-paused', '120 s, and the usual is 30')
  t.equal(await verdictOf(sol.bruno), 'outbound-paused', 'for all')
  t.match(await findPause(db, sol.tenantId), { hourSeconds: 120, usualSeconds: 30 })
  await db.transaction().execute((trx) => releaseOutbound(trx, sol.tenantId, 'marcia', now))
  const next = await dials(sol.ana)
  t.equal(next['RAMAL_VERDICT'], 'allowed', 'the hour counts anew')
  await talks(next, sol.ana, 120)
  t.equal(await verdictOf(sol.ana), 'outbound-paused', 'and can be too much again')
  t.equal(await verdictOf(sol.ana, '190'), 'allowed', 'but never for the police')
})

t.test('each kind of number is closed or open as the company’s rules say', async (t) => {
  now = second(0)
  const sol = await scene(db)
  const numbers: Partial<Record<DestinationClass, [typed: string, dialled: string]>> = {
    mobile: ['11987654301', '5511987654301'],
    fixed: ['1133334309', '551133334309'],
    'toll-free': ['08001234567', '08001234567'],
    'shared-cost': ['40041234', '40041234'],
    premium: ['0900123456', '0900123456'],
    international: ['+14155552671', '14155552671'],
    satellite: ['+870773111632', '870773111632'],
    collect: ['909033334444', '909033334444'],
    'short-code': ['188', '188'],
  }
  t.same([...Object.keys(numbers), 'emergency'].sort(), [...destinationClasses].sort(), 'no kind is forgotten')
  for (const [destination, [typed, dialled]] of Object.entries(numbers) as [DestinationClass, [string, string]][]) {
    await setDestination(db, sol.tenantId, destination, false)
    t.equal(await verdictOf(sol.ana, typed), 'destination-blocked', destination)
    await setDestination(db, sol.tenantId, destination, true)
    const call = await dials(sol.ana, typed)
    t.match(call, { RAMAL_VERDICT: 'allowed', RAMAL_NUMBER: dialled }, destination)
    await gives(call, sol.ana)
  }
})

t.test('who asked not to be called is not called, until taken off the list', async (t) => {
  now = second(0)
  const sol = await scene(db)
  await addDoNotCall(db, sol.tenantId, [sol.maria.e164], { reason: 'asked', author: 'ana' }, now)
  for (const spelling of ['11987654301', '+55 11 98765-4301', '0 15 11 98765-4301'])
    t.equal(await verdictOf(sol.ana, spelling), 'do-not-call')
  t.equal(await verdictOf((await scene(db)).ana), 'allowed', 'another company has its own list')
  await removeDoNotCall(db, sol.tenantId, sol.maria.e164)
  t.equal(await verdictOf(sol.ana), 'allowed')
})

t.test('calls go out in the company’s hours, by its own clocks and the calendar', async (t) => {
  const sol = await scene(db, { tenant: { time_zone: 'America/Manaus' } })
  await db.transaction().execute((trx) => setCallingHours(trx, sol.tenantId, usualHours))
  const moments: [utc: string, verdict: string][] = [
    ['2026-11-24T12:59:00Z', 'outside-hours'], // 8:59 in Manaus, Tuesday
    ['2026-11-24T13:00:00Z', 'allowed'],
    ['2026-11-24T21:59:00Z', 'allowed'],
    ['2026-11-24T22:00:00Z', 'outside-hours'],
    ['2026-11-28T15:00:00Z', 'outside-hours'], // Saturday
    ['2026-11-20T15:00:00Z', 'holiday'], // Friday
  ]
  for (const [utc, verdict] of moments) {
    now = new Date(utc)
    const call = await dials(sol.ana)
    t.equal(call['RAMAL_VERDICT'], verdict, utc)
    if (verdict === 'allowed') await gives(call, sol.ana)
  }
  await set(sol, { calls_on_holidays: true })
  t.equal(await verdictOf(sol.ana), 'allowed', 'on a holiday, where the company works on holidays')
})

t.test('a suspended company and a disabled agent cannot call, and can again afterwards', async (t) => {
  now = second(0)
  const sol = await scene(db)
  const disable = (at: Date | null) => db.updateTable('users').set({ disabled_at: at }).where('id', '=', sol.ana.userId).execute()
  await set(sol, { status: 'suspended' })
  t.equal(await verdictOf(sol.ana), 'tenant-suspended')
  await set(sol, { status: 'active' })
  await disable(now)
  t.equal(await verdictOf(sol.ana), 'agent-disabled')
  await disable(null)
  t.equal(await verdictOf(sol.ana), 'allowed')
})

t.test('without minutes only free numbers are called; after a top-up the next call works', async (t) => {
  now = second(0)
  const sol = await scene(db, { balanceSeconds: 0 })
  t.equal(await verdictOf(sol.ana), 'no-balance')
  await setDestination(db, sol.tenantId, 'toll-free', true)
  const free = await dials(sol.ana, '0800 123 4567')
  t.equal(free['RAMAL_VERDICT'], 'allowed')
  await talks(free, sol.ana, 600)
  t.match(await find(free['RAMAL_CALL']), { talk_seconds: 600, billed_seconds: 0, destination: 'toll-free' })
  await db.transaction().execute(async (trx) => {
    await lockTenant(trx, sol.tenantId)
    await topUp(trx, sol.tenantId, 30, { reason: 'paid', author: 'test' }, now)
  })
  t.equal(await verdictOf(sol.ana), 'allowed')
})

t.test('the same refusal again and again is one line of the history that says how often', async (t) => {
  now = second(0)
  const sol = await scene(db)
  const lines = () =>
    db
      .selectFrom('calls')
      .select(['dialled', 'verdict', 'refused_times'])
      .where('tenant_id', '=', sol.tenantId)
      .orderBy('requested_at')
      .execute()
  for (let dial = 0; dial < 4; dial++) {
    now = second(dial)
    t.match(await dials(sol.ana, '0900123456'), { RAMAL_VERDICT: 'destination-blocked', RAMAL_UNSAID: '0' })
  }
  now = second(5)
  await dials(sol.bruno, '0900123456')
  now = second(6)
  await dials(sol.ana, '12')
  now = second(7)
  await dials(sol.ana, '0900123456')
  now = second(7 + 700)
  await dials(sol.ana, '0900123456')
  t.same(await lines(), [
    { dialled: '0900123456', verdict: 'destination-blocked', refused_times: 4 },
    { dialled: '0900123456', verdict: 'destination-blocked', refused_times: 1 },
    { dialled: '12', verdict: 'invalid-number', refused_times: 1 },
    { dialled: '0900123456', verdict: 'destination-blocked', refused_times: 1 },
    { dialled: '0900123456', verdict: 'destination-blocked', refused_times: 1 },
  ])
  const events = await db
    .selectFrom('call_events')
    .innerJoin('calls', 'calls.id', 'call_events.call_id')
    .select('call_events.id')
    .where('calls.tenant_id', '=', sol.tenantId)
    .execute()
  const orphans = await db
    .selectFrom('call_events')
    .select('id')
    .where('tenant_id', '=', sol.tenantId)
    .where('call_id', 'is not', null)
    .execute()
  t.equal(orphans.length, events.length, 'no event tells of a line that is not there')
})

t.test('a phone that is refused thirty times in a minute hears busy for the rest of it, without a row', async (t) => {
  now = second(0)
  const sol = await scene(db)
  const count = async () => (await db.selectFrom('calls').select('id').where('tenant_id', '=', sol.tenantId).execute()).length
  for (let dial = 0; dial < 30; dial++) t.match(await dials(sol.ana, `0900${100_000 + dial}`), { RAMAL_VERDICT: 'destination-blocked' })
  const before = await count()
  t.match(await dials(sol.ana, '0900123456'), { RAMAL_VERDICT: 'too-fast', RAMAL_UNSAID: '1' })
  t.match(await dials(sol.ana), { RAMAL_VERDICT: 'too-fast', RAMAL_UNSAID: '1' }, 'whatever it dials')
  t.equal(await count(), before)
  const police = await dials(sol.ana, '190')
  t.equal(police['RAMAL_VERDICT'], 'allowed', 'but the police')
  await talks(police, sol.ana, 1)
  const colleague = await dials(sol.bruno)
  t.equal(colleague['RAMAL_VERDICT'], 'allowed', 'a colleague calls as always')
  await gives(colleague, sol.bruno)
  now = second(61)
  t.equal(await verdictOf(sol.ana), 'allowed', 'and a minute later so does the phone')

  await set(sol, { phone_refusals_per_minute: 2 })
  now = second(200)
  for (const verdict of ['destination-blocked', 'destination-blocked', 'too-fast'])
    t.equal(await verdictOf(sol.bruno, '0900123456'), verdict)
})

t.test('190, 192 and 193 pass everything, beside a call that is up; nothing is recorded or charged', async (t) => {
  now = new Date('2026-11-29T03:00:00Z')
  const sol = await scene(db)
  const talk = await dials(sol.ana)
  t.equal(talk['RAMAL_VERDICT'], 'allowed')
  await db.transaction().execute((trx) => setCallingHours(trx, sol.tenantId, usualHours))
  await set(sol, { status: 'suspended', max_calls: 0, max_calls_per_second: 0, day_calls_limit: 0, day_seconds_limit: 0 })
  for (const number of ['190', '192', '193']) {
    const call = await dials(sol.ana, number)
    t.match(call, { RAMAL_VERDICT: 'allowed', RAMAL_NUMBER: number, RAMAL_RECORDING: '' })
    await talks(call, sol.ana, 300)
    t.match(await find(call['RAMAL_CALL']), { destination: 'emergency', talk_seconds: 300, billed_seconds: 0 })
  }
  t.equal((await find(talk['RAMAL_CALL'])).state, 'authorized', 'and her other call is untouched')
  t.match(await books(db, sol.tenantId), { balance: 3600, ledger: 3600 })
})

t.test('trunks are tried by priority, or the cheapest first where a company wants that', async (t) => {
  now = second(0)
  for (const [order, trunks] of [
    ['priority', 'carrier-a:carrier-b'],
    ['least-cost', 'carrier-b:carrier-a'],
  ] as const) {
    const sol = await scene(db, { tenant: { trunk_order: order } })
    const own = await db.selectFrom('trunks').select(['id', 'endpoint']).where('tenant_id', '=', sol.tenantId).execute()
    for (const { id, endpoint } of own) await setTrunkRate(db, id, 'mobile', endpoint === 'carrier-a' ? 90_000 : 39_000, second(-10))
    t.equal((await dials(sol.ana))['RAMAL_TRUNKS'], trunks)
  }
})

t.test('the number shown is the company’s own, with the lead’s area code where it has one', async (t) => {
  now = second(0)
  const sol = await scene(db)
  const [first] = await db.selectFrom('numbers').select('e164').where('tenant_id', '=', sol.tenantId).execute()
  await db.insertInto('numbers').values({ tenant_id: sol.tenantId, e164: '+552132109999', position: 2 }).execute()
  const shown = async (number: string) => {
    const call = await dials(sol.ana, number)
    await gives(call, sol.ana)
    return call['RAMAL_CALLERID']
  }
  t.equal(await shown('21 98765-4303'), '552132109999')
  t.equal(await shown('31 98765-4305'), first?.e164.slice(1))
})

t.test('a call keeps what it cost and what it was sold for, at the rates of its day', async (t) => {
  now = second(0)
  const sol = await scene(db)
  const trunk = await db
    .selectFrom('trunks')
    .select('id')
    .where('tenant_id', '=', sol.tenantId)
    .where('endpoint', '=', 'carrier-a')
    .executeTakeFirstOrThrow()
  await setTrunkRate(db, trunk.id, 'mobile', 60_000, second(-100))
  await setTrunkRate(db, trunk.id, 'mobile', 999_000, second(1000))
  await setSaleRate(db, null, 'mobile', 500_000, second(-100))
  await setSaleRate(db, sol.tenantId, 'mobile', 120_000, second(-50))
  const call = await dials(sol.ana)
  await talks(call, sol.ana, 41)
  t.match(await find(call['RAMAL_CALL']), { billed_seconds: 42, cost_micros: 42_000, price_micros: 84_000 })
  const other = await scene(db)
  const unpriced = await dials(other.ana, '1133334309')
  await talks(unpriced, other.ana, 41)
  t.match(await find(unpriced['RAMAL_CALL']), { cost_micros: null, price_micros: null }, 'no rate, no price')
})
