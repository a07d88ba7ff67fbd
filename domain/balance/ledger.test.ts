import t from 'tap'
import { correct, settleLease, topUp } from './ledger.ts'
import { markAnswered } from '../calls/outgoing/answer.ts'
import { startMonth, startMonths } from './monthly-allowance.ts'
import { lockTenant } from '../tenants/tenants.ts'
import type { Trx } from '../database/pool.ts'
import { testDatabase } from '../testing/database.ts'
import { scene } from '../testing/scene.ts'
import { asks, books, hangsUp } from '../testing/steps.ts'
import { momentAt } from '../testing/clock.ts'

const db = await testDatabase(t, { connections: 8 })
const author = { reason: 'a mistake', author: 'olga' }
const at = (day: number, hour = 12) => new Date(Date.UTC(2026, 10, day, hour))
const ledger = (tenantId: number) =>
  db
    .selectFrom('ledger_entries')
    .select(['kind', 'seconds', 'balance_after_seconds as after', 'reason', 'author'])
    .where('tenant_id', '=', tenantId)
    .orderBy('id')
    .execute()
const events = async (tenantId: number, kind: string) =>
  (await db.selectFrom('call_events').select('id').where('tenant_id', '=', tenantId).where('kind', '=', kind).execute()).length
const inCompany = <T>(tenantId: number, work: (trx: Trx) => Promise<T>) =>
  db.transaction().execute(async (trx) => {
    await lockTenant(trx, tenantId)
    return work(trx)
  })

/** A call of ana's that begins and is answered at `from`, and lasts `seconds`. */
async function calls(ana: { endpoint: string }, from: Date, seconds: number): Promise<string> {
  const { callId } = await asks(db, ana, '', from, '11987654301')
  await markAnswered(db, callId, 'carrier-a', momentAt(from))
  await hangsUp(db, callId, new Date(from.getTime() + seconds * 1000))
  return callId
}

t.test('monthly minutes are granted once, used first, and expire with the month', async (t) => {
  const sol = await scene(db, { balanceSeconds: 600, tenant: { monthly_seconds: 300, low_balance_seconds: 0 } })
  await Promise.all([startMonth(db, sol.tenantId, at(2)), startMonth(db, sol.tenantId, at(2)), startMonths(db, at(2))])
  await calls(sol.ana, at(3), 120)
  const left = async () =>
    (await db.selectFrom('franchises').selectAll().where('tenant_id', '=', sol.tenantId).orderBy('month').execute()).map(
      (each) => each.left_seconds,
    )
  t.same(await left(), [180], 'the monthly minutes are used first')
  await startMonth(db, sol.tenantId, new Date('2026-12-01T02:59:00Z'))
  t.same(await left(), [180], 'in São Paulo it is still November')
  await startMonth(db, sol.tenantId, new Date('2026-12-01T03:01:00Z'))
  t.same(await left(), [0, 300])
  t.match(await ledger(sol.tenantId), [
    { kind: 'top-up', after: 600 },
    { kind: 'franchise', seconds: 300, after: 900, reason: '2026-11' },
    { kind: 'charge', seconds: -120, after: 780 },
    { kind: 'expiry', seconds: -180, after: 600, reason: '2026-11' },
    { kind: 'franchise', seconds: 300, after: 900, reason: '2026-12' },
  ])
})

t.test('a call past the end of the month keeps its reserved minutes of the old month; the rest expires when it ends', async (t) => {
  const sol = await scene(db, { balanceSeconds: 0, tenant: { monthly_seconds: 200, low_balance_seconds: 0 } })
  await startMonth(db, sol.tenantId, at(2))
  const lateInNovember = new Date('2026-12-01T02:59:30Z')
  const { callId } = await asks(db, sol.ana, '', lateInNovember, '11987654301')
  await markAnswered(db, callId, 'carrier-a', momentAt(lateInNovember))
  await db.updateTable('tenants').set({ monthly_seconds: 0 }).where('id', '=', sol.tenantId).execute()
  await startMonth(db, sol.tenantId, new Date('2026-12-01T03:00:10Z'))
  t.same(await books(db, sol.tenantId), { balance: 120, held: 120, ledger: 120, leases: 120 })
  await hangsUp(db, callId, new Date('2026-12-01T03:00:30Z'))
  await startMonths(db, new Date('2026-12-01T03:01:00Z'))
  t.same(await books(db, sol.tenantId), { balance: 0, held: 0, ledger: 0, leases: 0 })
})

t.test('a correction has a reason and an author, and does not take minutes that a call has reserved', async (t) => {
  const sol = await scene(db, { balanceSeconds: 300 })
  await asks(db, sol.ana, '', at(3), '11987654301')
  t.equal(await inCompany(sol.tenantId, (trx) => correct(trx, sol.tenantId, -181, author, at(3))), false)
  t.same(await books(db, sol.tenantId), { balance: 300, held: 120, ledger: 300, leases: 120 }, 'nothing has changed')
  t.equal(await inCompany(sol.tenantId, (trx) => correct(trx, sol.tenantId, -180, author, at(3))), true)
  t.match((await ledger(sol.tenantId)).at(-1), { kind: 'adjustment', seconds: -180, after: 120, ...author })
  for (const wrong of [0, 1.5, NaN]) await t.rejects(inCompany(sol.tenantId, (trx) => correct(trx, sol.tenantId, wrong, author, at(3))))
  await t.rejects(inCompany(sol.tenantId, (trx) => correct(trx, sol.tenantId, 1, { reason: ' ', author: 'olga' }, at(3))))
  for (const wrong of [0, -1, 0.5]) await t.rejects(inCompany(sol.tenantId, (trx) => topUp(trx, sol.tenantId, wrong, author, at(3))))
})

t.test('people are warned once when the minutes run low, and again after a top-up', async (t) => {
  const sol = await scene(db, { balanceSeconds: 160, tenant: { low_balance_seconds: 100 } })
  await calls(sol.ana, at(3), 60)
  t.equal(await events(sol.tenantId, 'low-balance'), 0, '100 s are not below 100 s')
  await calls(sol.ana, at(4), 30)
  await calls(sol.ana, at(5), 30)
  t.equal(await events(sol.tenantId, 'low-balance'), 1)
  await inCompany(sol.tenantId, (trx) => topUp(trx, sol.tenantId, 100, author, at(6)))
  await calls(sol.ana, at(7), 60)
  t.equal(await events(sol.tenantId, 'low-balance'), 2)
})

t.test('a lease is settled once, and never for more than it held', async (t) => {
  const sol = await scene(db, { balanceSeconds: 300 })
  const { callId } = await asks(db, sol.ana, '', at(3), '11987654301')
  const settle = () => inCompany(sol.tenantId, (trx) => settleLease(trx, { id: callId, tenant_id: sol.tenantId }, 9999, at(3)))
  t.equal(await settle(), 120)
  t.equal(await settle(), 0)
  t.same(await books(db, sol.tenantId), { balance: 180, held: 0, ledger: 180, leases: 0 })
})
