import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { openDatabase } from '../../domain/database/pool.ts'
import { testDatabaseUrl } from '../../domain/testing/database.ts'
import { books } from '../../domain/testing/steps.ts'
import { seedDemo } from '../seed.ts'
import { seedHistory } from './history.ts'

const url = await testDatabaseUrl(t)
const storage = await mkdtemp(join(tmpdir(), 'ramal-demo-'))
t.teardown(() => rm(storage, { recursive: true }))
const db = openDatabase(url)
t.teardown(() => db.destroy())
await seedDemo(url)
await seedHistory(url, storage)
const { id } = await db.selectFrom('tenants').select('id').where('slug', '=', 'padaria-sol').executeTakeFirstOrThrow()
const calls = await db.selectFrom('calls').selectAll().where('tenant_id', '=', id).orderBy('requested_at').execute()

t.test('a new demo has two months of calls, and its books are right', async (t) => {
  const { balance, held, ledger, leases } = await books(db, id)
  t.same([ledger, held, leases], [balance, 0, 0])
  const { billed } = await db
    .selectFrom('calls')
    .select(({ fn }) => fn.sum<number>('billed_seconds').as('billed'))
    .executeTakeFirstOrThrow()
  const { charged } = await db
    .selectFrom('ledger_entries')
    .select(({ fn }) => fn.sum<number>('seconds').as('charged'))
    .where('kind', '=', 'charge')
    .executeTakeFirstOrThrow()
  t.equal(-Number(charged), Number(billed))
  t.ok(calls.length > 1000, `${calls.length} calls`)
  t.ok(Date.now() - (calls[0]?.requested_at.getTime() ?? Date.now()) > 55 * 24 * 3_600_000)
})

t.test('no agent is on two calls at once, and no call is in the future', async (t) => {
  for (const own of Map.groupBy(calls, ({ agent_id }) => agent_id).values()) {
    const overlaps = own.filter((call, n) => call.agent_id !== null && call.requested_at < (own[n - 1]?.ended_at ?? new Date(0)))
    t.same(overlaps, [])
  }
  t.notOk(calls.some(({ ended_at }) => ended_at === null || ended_at > new Date()))
})

t.test('the recordings of the newest calls can be played', async (t) => {
  const recordings = await db.selectFrom('recordings').select(['path', 'duration_ms']).execute()
  t.equal(recordings.length, 12)
  for (const { path } of recordings) t.ok(existsSync(join(storage, path ?? '')))
})

t.test('leads of an imported file have several numbers, an e-mail and other fields', async (t) => {
  const rows = await db
    .selectFrom('contacts')
    .innerJoin('contact_numbers', 'contact_id', 'contacts.id')
    .select(['name', 'email', 'e164', 'label'])
    .where('email', '!=', '')
    .orderBy('contacts.id')
    .orderBy('position')
    .execute()
  t.same(
    rows.map(({ name, e164, label }) => `${name} ${e164} ${label}`),
    [
      'Regina Prado +5511970217001 Celular',
      'Regina Prado +5511970337002 Comercial',
      'Sérgio Bastos +5511970247003 Celular',
      'Tânia Rios +5511970417004 Comercial',
      'Tânia Rios +5511970187005 Comercial',
    ],
  )
  t.match(await db.selectFrom('contact_imports').select(['state', 'faults', 'left_out', 'asked']).execute(), [
    { state: 'done', faults: 0, left_out: 0, asked: 0 },
  ])
})

t.test('a demo that has its history already keeps it', async (t) => {
  await seedHistory(url, storage)
  t.equal((await db.selectFrom('calls').select('id').execute()).length, calls.length)
})
