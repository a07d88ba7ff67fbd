import t from 'tap'
import { setTrunkRate } from '../balance/rates.ts'
import { inTransaction } from '../database/transaction.ts'
import { testDatabase } from '../testing/database.ts'
import { scene } from '../testing/scene.ts'
import { second } from '../testing/steps.ts'
import {
  addTrunk,
  changeTrunk,
  findTrunk,
  isTrunkEndpoint,
  listTenantsWithoutTrunk,
  listTrunks,
  listTrunksFor,
  removeTrunk,
} from './trunks.ts'

const db = await testDatabase(t)
type Added = Parameters<typeof addTrunk>[2]
type Change = Parameters<typeof changeTrunk>[3]
const add = (tenantId: number | null, trunk: Added) => inTransaction(db, (trx) => addTrunk(trx, tenantId, trunk))
const change = (tenantId: number | null, endpoint: string, to: Change) =>
  inTransaction(db, (trx) => changeTrunk(trx, tenantId, endpoint, to))
const remove = (tenantId: number | null, endpoint: string) => inTransaction(db, (trx) => removeTrunk(trx, tenantId, endpoint))
const triedBy = async (tenantId: number) => (await listTrunksFor(db, tenantId)).map(({ endpoint }) => endpoint)

t.afterEach(() => db.deleteFrom('trunks').where('tenant_id', 'is', null).execute())

t.test('a trunk comes after the others of its company unless it has a priority, and is added once', async (t) => {
  const { tenantId } = await scene(db)
  t.ok(
    await add(tenantId, {
      endpoint: 'carrier-c',
      rule: { firstBlockSeconds: 60, nextBlockSeconds: 60, freeSeconds: 0, freeOfCharge: false },
    }),
  )
  t.ok(await add(null, { endpoint: 'carrier-d', priority: 9 }))
  t.ok(await add(null, { endpoint: 'carrier-e', priority: 1 }))
  t.notOk(await add(tenantId, { endpoint: 'carrier-a' }))
  t.notOk(await add(null, { endpoint: 'carrier-d' }))
  t.same(await triedBy(tenantId), ['carrier-a', 'carrier-e', 'carrier-b', 'carrier-c', 'carrier-d'])
  t.match(await findTrunk(db, tenantId, 'carrier-c'), { priority: 3, first_block_seconds: 60, next_block_seconds: 60, free_seconds: 0 })
  t.match(await findTrunk(db, null, 'carrier-d'), { first_block_seconds: 30, next_block_seconds: 6, free_seconds: 3 })
  t.match(
    await listTrunks(db),
    [
      { endpoint: 'carrier-e', tenant_id: null },
      { endpoint: 'carrier-d', tenant_id: null },
    ],
    'shared ones first',
  )
})

t.test('a trunk is switched off and on, moved and removed for its own company only', async (t) => {
  const [sol, lua] = [await scene(db), await scene(db)]
  await add(null, { endpoint: 'carrier-d', priority: 9 })
  t.notOk(await change(sol.tenantId, 'carrier-d', { enabled: false }), 'a shared trunk is not the company’s')
  t.notOk(await change(null, 'carrier-a', { enabled: false }))
  t.notOk(await remove(sol.tenantId, 'carrier-d'))
  t.ok(await change(sol.tenantId, 'carrier-a', { enabled: false }))
  t.ok(await change(sol.tenantId, 'carrier-b', { priority: 10 }))
  t.same(await triedBy(sol.tenantId), ['carrier-d', 'carrier-b'])
  t.ok(await change(sol.tenantId, 'carrier-a', { enabled: true }))
  t.same(await triedBy(sol.tenantId), ['carrier-a', 'carrier-d', 'carrier-b'])
  t.same(await triedBy(lua.tenantId), ['carrier-a', 'carrier-b', 'carrier-d'], 'another company is as before')
  t.ok(await remove(sol.tenantId, 'carrier-b'))
  t.notOk(await remove(sol.tenantId, 'carrier-b'), 'once')
  t.same(await triedBy(sol.tenantId), ['carrier-a', 'carrier-d'])
  t.same(await triedBy(lua.tenantId), ['carrier-a', 'carrier-b', 'carrier-d'])
})

t.test('a company’s own trunk stands for the shared one with the same endpoint, switched off too', async (t) => {
  const { tenantId } = await scene(db)
  await add(null, { endpoint: 'carrier-a' })
  t.same(await triedBy(tenantId), ['carrier-a', 'carrier-b'], 'a carrier is tried once')
  await change(tenantId, 'carrier-a', { enabled: false })
  t.same(await triedBy(tenantId), ['carrier-b'])
  await remove(tenantId, 'carrier-a')
  t.same(await triedBy(tenantId), ['carrier-a', 'carrier-b'], 'the shared one serves again')
})

t.test('the rates of a trunk are removed with it, and those of other trunks stay', async (t) => {
  const [sol, lua] = [await scene(db), await scene(db)]
  const ids: number[] = []
  for (const { tenantId } of [sol, lua]) {
    const { id = 0 } = (await findTrunk(db, tenantId, 'carrier-b')) ?? {}
    ids.push(id)
    await setTrunkRate(db, id, 'mobile', 50_000, second(0))
  }
  await remove(sol.tenantId, 'carrier-b')
  t.same(await db.selectFrom('trunk_rates').select('trunk_id').where('trunk_id', 'in', ids).execute(), [{ trunk_id: ids[1] }])
})

t.test('companies without a usable trunk are known', async (t) => {
  const [sol, lua] = [await scene(db), await scene(db)]
  const stranded = async () => (await listTenantsWithoutTrunk(db)).map(({ id }) => id)
  for (const endpoint of ['carrier-a', 'carrier-b']) await change(sol.tenantId, endpoint, { enabled: false })
  t.same(await stranded(), [sol.tenantId])
  await add(null, { endpoint: 'carrier-a' })
  t.same(await stranded(), [sol.tenantId], 'its own switch counts for the shared trunk too')
  await add(null, { endpoint: 'carrier-d' })
  t.same(await stranded(), [])
  await change(null, 'carrier-d', { enabled: false })
  for (const endpoint of ['carrier-a', 'carrier-b']) await remove(lua.tenantId, endpoint)
  t.same(await stranded(), [sol.tenantId], 'the other uses the shared one')
})

t.test('an endpoint is a name that Asterisk’s files can have', async (t) => {
  for (const text of ['a', 'carrier-a', '1st', 'a'.repeat(64)]) t.ok(isTrunkEndpoint(text), text)
  for (const text of ['', '-a', 'Carrier', 'carrier a', 'carrier:b', 'carrier\n', 'a'.repeat(65)]) t.notOk(isTrunkEndpoint(text), text)
})
