/** Which numbers a company may call, and when: one call that a rule stops, and one that works again. Asked as Asterisk asks. */
import t from 'tap'
import { setCallingHours, usualHours } from '../../domain/policy/calling-hours.ts'
import { setDestination } from '../../domain/policy/destination-rules.ts'
import { addDoNotCall, removeDoNotCall } from '../../domain/policy/do-not-call.ts'
import { destinationClasses, type DestinationClass } from '../../domain/telephony/destination-classes.ts'
import { scene } from '../../domain/testing/scene.ts'
import { books, second } from '../../domain/testing/steps.ts'
import { dialledCalls } from '../testing/dialled-calls.ts'

const { db, time, dials, verdictOf, talks, gives, set, find } = await dialledCalls(t)

t.test('each kind of number is closed or open as the company’s rules say', async (t) => {
  time.now = second(0)
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
  t.same([...Object.keys(numbers), 'emergency'].sort(), [...destinationClasses].sort(), 'the test covers every kind of number')
  for (const [destination, [typed, dialled]] of Object.entries(numbers) as [DestinationClass, [string, string]][]) {
    await setDestination(db, sol.tenantId, destination, false)
    t.equal(await verdictOf(sol.ana, typed), 'destination-blocked', destination)
    await setDestination(db, sol.tenantId, destination, true)
    const call = await dials(sol.ana, typed)
    t.match(call, { RAMAL_VERDICT: 'allowed', RAMAL_TRUNKS: `carrier-a/${dialled}/` }, destination)
    await gives(call, sol.ana)
  }
})

t.test('a number on the do-not-call list is refused until it is removed', async (t) => {
  time.now = second(0)
  const sol = await scene(db)
  await addDoNotCall(db, sol.tenantId, [sol.maria.e164], { reason: 'asked', author: 'ana' }, time.now)
  for (const spelling of ['11987654301', '+55 11 98765-4301', '0 15 11 98765-4301'])
    t.equal(await verdictOf(sol.ana, spelling), 'do-not-call')
  t.equal(await verdictOf((await scene(db)).ana), 'allowed', 'another company has its own list')
  await removeDoNotCall(db, sol.tenantId, sol.maria.e164)
  t.equal(await verdictOf(sol.ana), 'allowed')
})

t.test('calls leave only in the company’s calling hours, by its time zone and the calendar', async (t) => {
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
    time.now = new Date(utc)
    const call = await dials(sol.ana)
    t.equal(call['RAMAL_VERDICT'], verdict, utc)
    if (verdict === 'allowed') await gives(call, sol.ana)
  }
  await set(sol, { calls_on_holidays: true })
  t.equal(await verdictOf(sol.ana), 'allowed', 'on a holiday, where the company works on holidays')
})

t.test('a suspended company and a disabled agent cannot call, and can again afterwards', async (t) => {
  time.now = second(0)
  const sol = await scene(db)
  const disable = (at: Date | null) => db.updateTable('users').set({ disabled_at: at }).where('id', '=', sol.ana.userId).execute()
  await set(sol, { status: 'suspended' })
  t.equal(await verdictOf(sol.ana), 'tenant-suspended')
  await set(sol, { status: 'active' })
  await disable(time.now)
  t.equal(await verdictOf(sol.ana), 'agent-disabled')
  await disable(null)
  t.equal(await verdictOf(sol.ana), 'allowed')
})

t.test('190, 192 and 193 pass every rule, even during a call, and are neither recorded nor charged', async (t) => {
  time.now = new Date('2026-11-29T03:00:00Z')
  const sol = await scene(db)
  const talk = await dials(sol.ana)
  t.equal(talk['RAMAL_VERDICT'], 'allowed')
  await db.transaction().execute((trx) => setCallingHours(trx, sol.tenantId, usualHours))
  await set(sol, { status: 'suspended', max_calls: 0, max_calls_per_second: 0, day_calls_limit: 0, day_seconds_limit: 0 })
  for (const number of ['190', '192', '193']) {
    const call = await dials(sol.ana, number)
    t.match(call, { RAMAL_VERDICT: 'allowed', RAMAL_TRUNKS: `carrier-a/${number}/`, RAMAL_RECORDING: '' })
    await talks(call, sol.ana, 300)
    t.match(await find(call['RAMAL_CALL']), { destination: 'emergency', talk_seconds: 300, billed_seconds: 0 })
  }
  t.equal((await find(talk['RAMAL_CALL'])).state, 'authorized', 'and her other call is untouched')
  t.match(await books(db, sol.tenantId), { balance: 3600, ledger: 3600 })
})
