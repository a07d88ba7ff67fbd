import t from 'tap'
import { receiveCall } from '../calls/incoming/receive.ts'
import { inTransaction } from '../database/transaction.ts'
import { findTenant } from '../tenants/tenants.ts'
import { testDatabase } from '../testing/database.ts'
import { registers, scene, type Scene } from '../testing/scene.ts'
import { second } from '../testing/steps.ts'
import { addNumber, isNumberTaken, listNumbers, readDidNumber, removeNumber } from './did-numbers.ts'
import { findRoute } from './outbound-routing.ts'

const db = await testDatabase(t)
const add = ({ tenantId }: Scene, e164: string) => inTransaction(db, (trx) => addNumber(trx, tenantId, e164))
const remove = ({ tenantId }: Scene, e164: string) => inTransaction(db, (trx) => removeNumber(trx, tenantId, e164))
const firstOf = async ({ tenantId }: Scene) => (await listNumbers(db, tenantId))[0] ?? ''

t.test('a carrier assigns fixed and mobile numbers with their area code, and special numbers', async (t) => {
  t.equal(readDidNumber('(11) 3210-4000'), '+551132104000')
  t.equal(readDidNumber('+55 11 98765-4321'), '+5511987654321')
  t.equal(readDidNumber('0800 123 4567'), '+558001234567')
  t.equal(readDidNumber('0303 123 4567'), '+553031234567')
  t.equal(readDidNumber('0300 123 4567'), '+553001234567')
  t.equal(readDidNumber('4004-1234'), '+5540041234')
  for (const text of ['', '190', '3210-4000', '0500 123 4567', '0900 123 456', '(20) 3210-4000', '+1 415 555 2671', 'x'.repeat(10_000)])
    t.equal(readDidNumber(text), null, text.slice(0, 20))
})

t.test('a number belongs to one company, and is listed in the order in which it was added', async (t) => {
  const [sol, lua] = [await scene(db), await scene(db)]
  const own = await firstOf(sol)
  t.notOk(await isNumberTaken(db, '+552132105001'))
  t.ok(await add(sol, '+552132105001'))
  t.ok(await add(sol, '+551132105000'))
  t.ok(await isNumberTaken(db, '+552132105001'))
  t.notOk(await add(sol, '+552132105001'), 'once')
  t.notOk(await add(lua, '+552132105001'), 'not by another company')
  t.same(await listNumbers(db, sol.tenantId), [own, '+552132105001', '+551132105000'])
})

t.test('a company removes its own numbers only, and a removed number is free for another', async (t) => {
  const [sol, lua] = [await scene(db), await scene(db)]
  const own = await firstOf(sol)
  await add(sol, '+552132105002')
  t.notOk(await remove(lua, own))
  t.notOk(await remove(sol, '+552132109999'))
  t.same(await listNumbers(db, sol.tenantId), [own, '+552132105002'])
  t.ok(await remove(sol, own))
  t.notOk(await remove(sol, own), 'once')
  t.same(await listNumbers(db, sol.tenantId), ['+552132105002'])
  t.notOk(await isNumberTaken(db, own))
  t.ok(await add(lua, own))
})

t.test('a removed number does not ring, and without a number calls show none', async (t) => {
  const sol = await scene(db)
  const own = await firstOf(sol)
  await registers(db, sol.ana, second(0))
  const rings = (at: Date) =>
    receiveCall(
      db,
      { dialled: own, caller: '+5521987650099', endpoint: 'carrier-a', channel: 'PJSIP/carrier-a-0000001a', uniqueId: '7.1' },
      at,
    )
  t.match(await rings(second(0)), { verdict: 'ring', tenantId: sol.tenantId })
  t.ok(await remove(sol, own))
  t.match(await rings(second(60)), { verdict: 'unknown-number', callId: '' })
  t.match(await findRoute(db, await findTenant(db, sol.tenantId), 'mobile', sol.maria.e164, second(60)), [{ callerId: null }])
})
