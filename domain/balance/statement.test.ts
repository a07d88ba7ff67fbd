import t from 'tap'
import { inTransaction } from '../database/transaction.ts'
import { lockTenant } from '../tenants/tenants.ts'
import { testDatabase } from '../testing/database.ts'
import { talked } from '../testing/recorded.ts'
import { scene } from '../testing/scene.ts'
import { asks, second } from '../testing/steps.ts'
import { topUp } from './ledger.ts'
import { listStatement, readBalance } from './statement.ts'

const db = await testDatabase(t)

async function buys(tenantId: number, seconds: number, at: Date): Promise<void> {
  await inTransaction(db, async (trx) => {
    await lockTenant(trx, tenantId)
    await topUp(trx, tenantId, seconds, { reason: `Invoice ${seconds}`, author: 'olga' }, at)
  })
}

t.test('the statement is read newest first, page by page, and each line has the balance after it', async (t) => {
  const { tenantId } = await scene(db, { balanceSeconds: 0 })
  for (const n of [1, 2, 3, 4]) await buys(tenantId, n * 100, second(n))
  const lines = await listStatement(db, tenantId)
  t.match(lines, [
    { kind: 'top-up', seconds: 400, balance_after_seconds: 1000, reason: 'Invoice 400', author: 'olga' },
    { seconds: 300, balance_after_seconds: 600 },
    { seconds: 200, balance_after_seconds: 300 },
    { seconds: 100, balance_after_seconds: 100 },
  ])
  t.same(await listStatement(db, tenantId, { limit: 2 }), lines.slice(0, 2))
  t.same(await listStatement(db, tenantId, { limit: 5, beforeId: lines[1]?.id }), lines.slice(2))
})

t.test('a part of it begins with its first moment, and ends before its last', async (t) => {
  const { tenantId } = await scene(db, { balanceSeconds: 0 })
  for (const n of [1, 2, 3]) await buys(tenantId, n * 100, second(n))
  const seconds = async (part: Parameters<typeof listStatement>[2]) => (await listStatement(db, tenantId, part)).map((line) => line.seconds)
  t.same(await seconds({ from: second(2) }), [300, 200])
  t.same(await seconds({ until: second(2) }), [100])
  t.same(await seconds({ from: second(2), until: second(3) }), [200])
  t.same(await seconds({ from: second(4) }), [])
})

t.test('a charge shows its lead and number, and the balance shows what calls hold', async (t) => {
  const [sol, lua] = [await scene(db, { balanceSeconds: 600 }), await scene(db, { balanceSeconds: 60 })]
  const callId = await talked(db, sol)
  t.match(await listStatement(db, sol.tenantId, { limit: 1 }), [
    { kind: 'charge', seconds: -30, balance_after_seconds: 570, call_id: callId, contact_name: 'Maria Souza', e164: sol.maria.e164 },
  ])
  await asks(db, sol.ana, '', second(60), '11987654301')
  t.same(await readBalance(db, sol.tenantId), { balanceSeconds: 570, heldSeconds: 120 })
  t.same(await readBalance(db, lua.tenantId), { balanceSeconds: 60, heldSeconds: 0 })
  t.match(await listStatement(db, lua.tenantId), [{ kind: 'top-up', seconds: 60 }])
  t.equal((await listStatement(db, lua.tenantId)).length, 1, 'another company sees only its own lines')
})
