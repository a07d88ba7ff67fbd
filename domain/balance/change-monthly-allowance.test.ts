import t from 'tap'
import { endOfMonth } from '../runtime/local-time.ts'
import { testDatabase } from '../testing/database.ts'
import { scene } from '../testing/scene.ts'
import { books } from '../testing/steps.ts'
import { changeMonthlyAllowance } from './change-monthly-allowance.ts'

t.test('monthly minutes are granted at once, and once a month', async (t) => {
  const db = await testDatabase(t)
  const { tenantId } = await scene(db, { balanceSeconds: 60 })
  const set = (seconds: number) => changeMonthlyAllowance(db, tenantId, seconds, new Date('2026-11-24T12:00:00Z'))
  t.match(await set(6000), { granted: true, tenant: { balance_seconds: 6060, monthly_seconds: 6000 } })
  t.match(await db.selectFrom('franchises').selectAll().execute(), [
    { month: '2026-11', granted_seconds: 6000, left_seconds: 6000, expires_at: endOfMonth('2026-11', 'America/Sao_Paulo') },
  ])
  t.match(await set(12_000), { granted: false, tenant: { balance_seconds: 6060, monthly_seconds: 12_000 } })
  t.match(await set(0), { granted: false, tenant: { balance_seconds: 6060, monthly_seconds: 0 } })
  t.match(await books(db, tenantId), { balance: 6060, ledger: 6060 })
})
