import t from 'tap'
import { checkPassword } from '../accounts/users.ts'
import { listCallingHours, usualHours } from '../policy/calling-hours.ts'
import { listNumbers } from '../telephony/did-numbers.ts'
import { addTrunk, changeTrunk, listTrunksFor } from '../telephony/trunks.ts'
import { findTenant, listTenants } from '../tenants/tenants.ts'
import { testDatabase } from '../testing/database.ts'
import { books } from '../testing/steps.ts'
import { createTenant, type NewTenant } from './create-tenant.ts'

const now = new Date('2026-11-24T12:00:00Z')
const sol: NewTenant = {
  slug: 'padaria-sol',
  name: 'Padaria Sol',
  numbers: ['+554132104000', '+554132104001'],
  trunks: ['carrier-a', 'carrier-b'],
  hours: usualHours,
  people: [
    { name: 'Márcia Prates', email: 'marcia@sol.example' },
    { name: 'Ana Ribeiro', email: 'ana@sol.example', extension: '101' },
  ],
  firstSeconds: 18_000,
  author: 'olga',
}
const lima: NewTenant = {
  ...sol,
  slug: 'auto-lima',
  name: 'Auto Lima',
  numbers: ['+552132105000'],
  people: [{ name: 'Otávio Lima', email: 'otavio@lima.example' }],
}

t.test('a tenant is created whole: its people can sign in, and its ledger adds up', async (t) => {
  const db = await testDatabase(t)
  const created = await createTenant(db, sol, now)
  if (created.kind !== 'created') return t.fail(created.kind)
  t.match(created.credentials, [{ email: 'marcia@sol.example' }, { email: 'ana@sol.example' }])
  for (const { email, password } of created.credentials) t.ok(await checkPassword(db, email, password), email)
  const { tenantId } = created
  t.match(await findTenant(db, tenantId), { slug: 'padaria-sol', name: 'Padaria Sol', default_area_code: '41' })
  t.match(await books(db, tenantId), { balance: 18_000, ledger: 18_000 })
  t.match(await db.selectFrom('ledger_entries').selectAll().execute(), [{ reason: 'First minutes', author: 'olga' }])
  t.match(await db.selectFrom('phones').selectAll().execute(), [{ endpoint: 'padaria-sol-101', kind: 'browser', digest: null }])
  t.same(await listNumbers(db, tenantId), sol.numbers)
  t.same(
    (await listTrunksFor(db, tenantId)).map(({ endpoint }) => endpoint),
    sol.trunks,
  )
  t.same(await listCallingHours(db, tenantId), usualHours)
  t.ok((await db.selectFrom('dispositions').select('id').where('tenant_id', '=', tenantId).execute()).length > 0)
})

t.test('a tenant that collides with another is not created at all', async (t) => {
  const db = await testDatabase(t)
  t.match(await createTenant(db, sol, now), { kind: 'created' })
  const [number, second] = [sol.numbers[0], '+552132105001']
  const [marcia] = sol.people
  const wrong: [Partial<NewTenant>, object][] = [
    [{ slug: sol.slug }, { kind: 'slug-taken' }],
    [{ numbers: ['+552132105000', number] }, { kind: 'number-taken', e164: number }],
    [{ numbers: [second, second] }, { kind: 'number-taken', e164: second }],
    [{ trunks: ['carrier-a', 'carrier-a'] }, { kind: 'trunk-repeated', endpoint: 'carrier-a' }],
    [{ trunks: [] }, { kind: 'no-trunk' }],
    [{ people: [...lima.people, ...(marcia ? [marcia] : [])] }, { kind: 'email-taken', email: 'marcia@sol.example' }],
    [
      { people: ['a', 'b'].map((name) => ({ name, email: `${name}@lima.example`, extension: '101' })) },
      { kind: 'extension-taken', extension: '101' },
    ],
  ]
  for (const [change, fault] of wrong) t.same(await createTenant(db, { ...lima, ...change }, now), fault)
  t.match(await listTenants(db), [{ slug: 'padaria-sol' }])
  t.equal((await listTenants(db)).length, 1)
  t.equal((await db.selectFrom('numbers').select('id').execute()).length, sol.numbers.length)
  t.equal((await db.selectFrom('users').select('id').execute()).length, sol.people.length)
})

t.test('a tenant needs no trunk of its own while an enabled trunk serves all tenants', async (t) => {
  const db = await testDatabase(t)
  await db.transaction().execute((trx) => addTrunk(trx, null, { endpoint: 'carrier-a' }))
  await db.transaction().execute((trx) => changeTrunk(trx, null, 'carrier-a', { enabled: false }))
  t.same(await createTenant(db, { ...lima, trunks: [] }, now), { kind: 'no-trunk' })
  await db.transaction().execute((trx) => changeTrunk(trx, null, 'carrier-a', { enabled: true }))
  const created = await createTenant(db, { ...lima, trunks: [], hours: [], firstSeconds: 0 }, now)
  if (created.kind !== 'created') return t.fail(created.kind)
  t.match(await books(db, created.tenantId), { balance: 0, ledger: 0 })
  t.same(await listCallingHours(db, created.tenantId), [], 'any hour')
})
