/** Every limit of a company: one call that it stops, and one that works again once it is lifted. Asked as Asterisk asks. */
import t from 'tap'
import { scene } from '../../domain/testing/scene.ts'
import { books, second } from '../../domain/testing/steps.ts'
import { dialledCalls } from '../testing/dialled-calls.ts'

const { db, asterisk, time, dials, verdictOf, talks, gives, set, find } = await dialledCalls(t)

t.test('an agent has one call at a time, a company as many as it has lines', async (t) => {
  time.now = second(0)
  const sol = await scene(db, { tenant: { max_calls: 1 } })
  const first = await dials(sol.ana)
  t.equal(first['RAMAL_VERDICT'], 'allowed')
  t.equal(await verdictOf(sol.ana), 'too-many-calls', 'Ana’s second call')
  t.equal(await verdictOf(sol.bruno), 'too-many-calls', 'the company’s second call')
  await gives(first, sol.ana)
  t.equal(await verdictOf(sol.bruno), 'allowed')
})

t.test('calls per second have a limit, which starts again each second', async (t) => {
  time.now = second(0)
  const sol = await scene(db, { tenant: { max_calls_per_second: 1 } })
  t.equal(await verdictOf(sol.ana), 'allowed')
  time.now = second(0.9)
  t.equal(await verdictOf(sol.bruno), 'too-fast')
  time.now = second(1.1)
  t.equal(await verdictOf(sol.bruno), 'allowed')
})

t.test('after the clock was set back, calls with later times do not count', async (t) => {
  time.now = second(3600)
  const sol = await scene(db, { tenant: { max_calls_per_second: 1 } })
  await gives(await dials(sol.ana), sol.ana)
  time.now = second(0)
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

t.test('calls per day have a limit for an agent and for a company, and the day follows the company’s time zone', async (t) => {
  const day = (hour: number) => new Date(Date.UTC(2026, 10, 24, hour))
  time.now = day(12)
  const sol = await scene(db, { tenant: { agent_day_calls_limit: 1, day_calls_limit: 2 } })
  await gives(await dials(sol.ana), sol.ana)
  t.equal(await verdictOf(sol.ana), 'daily-limit', 'Ana reached her limit')
  const second = await dials(sol.bruno)
  t.equal(second['RAMAL_VERDICT'], 'allowed')
  await gives(second, sol.bruno)
  await set(sol, { agent_day_calls_limit: null })
  t.equal(await verdictOf(sol.ana), 'daily-limit', 'the company reached its limit')
  time.now = day(26)
  t.equal(await verdictOf(sol.ana), 'daily-limit', 'at 23 h in São Paulo it is still today')
  time.now = day(27.5)
  t.equal(await verdictOf(sol.ana), 'allowed')
})

t.test('seconds per day have a limit: a call ends at the limit, and the next is refused', async (t) => {
  for (const limit of ['agent_day_seconds_limit', 'day_seconds_limit'] as const) {
    time.now = second(0)
    const sol = await scene(db, { tenant: { [limit]: 60 } })
    const call = await dials(sol.ana)
    t.equal((await books(db, sol.tenantId)).held, 60, `${limit}: no more than the day leaves`)
    const id = call['RAMAL_CALL'] ?? ''
    await asterisk.runs('answered', [id, 'carrier-a'])
    time.now = second(59)
    t.match((await asterisk.runs('renew-lease', [id])).variables, { RAMAL_LEASE: 'over' })
    await asterisk.runs('hangup', [id, 'ANSWER', '200', '16', '', '16'], { channel: `PJSIP/${sol.ana.endpoint}-0000001a`, dead: true })
    t.match(await find(id), { hung_up_by: 'limit', billed_seconds: 60 })
    t.equal(await verdictOf(sol.ana), 'daily-limit')
    await set(sol, { [limit]: 600 })
    t.equal(await verdictOf(sol.ana), 'allowed')
  }
})

t.test('a transferred call still counts for the day of the first agent', async (t) => {
  time.now = second(0)
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
  time.now = second(60)
  await asterisk.runs('renew-lease', [first['RAMAL_CALL'] ?? ''])
  t.equal((await books(db, sol.tenantId)).held, 180)
})
