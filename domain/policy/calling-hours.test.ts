import t from 'tap'
import { inTransaction } from '../database/transaction.ts'
import { testDatabase } from '../testing/database.ts'
import { scene } from '../testing/scene.ts'
import { listCallingHours, setCallingHours, usualHours, type CallingHours } from './calling-hours.ts'

const db = await testDatabase(t)

t.test('new hours replace the old ones of that company, and no hours mean any hour', async (t) => {
  const [sol, lua] = [await scene(db), await scene(db)]
  const set = ({ tenantId }: { tenantId: number }, hours: readonly CallingHours[]) =>
    inTransaction(db, (trx) => setCallingHours(trx, tenantId, hours))
  t.same(await listCallingHours(db, sol.tenantId), [])
  for (const company of [sol, lua]) await set(company, usualHours)
  const saturday = { weekday: 6, fromMinute: 600, toMinute: 840 }
  const monday = [
    { weekday: 1, fromMinute: 540, toMinute: 720 },
    { weekday: 1, fromMinute: 780, toMinute: 1080 },
  ]
  await set(sol, [saturday, ...monday.toReversed()])
  t.same(await listCallingHours(db, sol.tenantId), [...monday, saturday], 'in order')
  t.same(await listCallingHours(db, lua.tenantId), usualHours)
  await set(sol, [])
  t.same(await listCallingHours(db, sol.tenantId), [])
})
