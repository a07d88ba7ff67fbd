import { sql } from 'kysely'
import t from 'tap'
import { inTransaction } from '../database/transaction.ts'
import { findTenant } from '../tenants/tenants.ts'
import { testDatabase } from '../testing/database.ts'
import { scene } from '../testing/scene.ts'
import { second } from '../testing/steps.ts'
import { callerIdDigits, readCallerId } from './caller-id.ts'
import { addNumber, listNumbers } from './did-numbers.ts'
import { findRoute } from './outbound-routing.ts'
import { addTrunk, changeTrunk, findTrunk } from './trunks.ts'

const db = await testDatabase(t)

t.test('a special number is shown only where the trunk allows it, and never to 190', async (t) => {
  const sol = await scene(db)
  const [own = ''] = await listNumbers(db, sol.tenantId)
  await inTransaction(db, async (trx) => {
    await addNumber(trx, sol.tenantId, '+553031234567')
    await changeTrunk(trx, sol.tenantId, 'carrier-b', { special_caller_ids: true })
  })
  const shown = async (destination: 'mobile' | 'emergency', e164: string | null) => {
    const route = await findRoute(db, await findTenant(db, sol.tenantId), destination, e164, second(0))
    return route.map(({ trunk, callerId }) => [trunk.endpoint, callerId])
  }
  t.same(await shown('mobile', '+5511987654301'), [
    ['carrier-a', own],
    ['carrier-b', '+553031234567'],
  ])
  // 30 is no area code: 0303 is not the number of that region.
  t.same((await shown('mobile', '+553031234567'))[0], ['carrier-a', own])
  t.same(await shown('emergency', null), [
    ['carrier-a', own],
    ['carrier-b', own],
  ])
})

t.test('a company with a special number only cannot call over a trunk that allows none, and shows 190 no number', async (t) => {
  const sol = await scene(db)
  await db.updateTable('numbers').set({ e164: '+558001234567' }).where('tenant_id', '=', sol.tenantId).execute()
  const tenant = await findTenant(db, sol.tenantId)
  t.match(await findRoute(db, tenant, 'mobile', sol.maria.e164, second(0)), [{ callerId: null }, { callerId: null }])
  const { rows } = await sql<{ caller_id: string }>`
    select caller_id from ps_emergency_routes where id = ${sol.ana.endpoint}`.execute(db)
  t.same(rows, [{ caller_id: '' }])
})

t.test('a company’s own trunk begins with the number forms of the shared trunk of that carrier', async (t) => {
  const sol = await scene(db)
  await inTransaction(db, async (trx) => {
    await addTrunk(trx, null, { endpoint: 'carrier-f' })
    await changeTrunk(trx, null, 'carrier-f', { number_form: '015', number_prefix: '99' })
    await changeTrunk(trx, null, 'carrier-f', { special_caller_ids: true })
    await addTrunk(trx, sol.tenantId, { endpoint: 'carrier-f' })
  })
  t.match(await findTrunk(db, sol.tenantId, 'carrier-f'), { number_form: '015', number_prefix: '99', special_caller_ids: 1 })
  t.match(await findTrunk(db, sol.tenantId, 'carrier-a'), { number_form: 'e164', number_prefix: '', special_caller_ids: 0 })
})

t.test('a carrier gets the digits of the number shown, and they read back as the same number', (t) => {
  const digits = {
    '+551132104000': '551132104000',
    '+553031234567': '03031234567',
    '+558001234567': '08001234567',
    '+5540041234': '40041234',
  }
  for (const [e164, shown] of Object.entries(digits)) {
    t.equal(callerIdDigits(e164), shown)
    t.equal(readCallerId(shown), e164)
  }
  t.equal(readCallerId(''), null)
  t.end()
})
