import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import t from 'tap'
import { migrateTo, migrateToLatest } from '../../domain/database/migrate.ts'
import { openDatabase } from '../../domain/database/pool.ts'
import { testDatabaseUrl } from '../../domain/testing/database.ts'
import { pastCalls } from '../past-calls.ts'
import { seedDemo } from '../seed.ts'

/** The last migration with one number for each lead. */
const oneNumberEach = '236-end-of-a-leg'
const url = await testDatabaseUrl(t)
const db = openDatabase(url)
t.teardown(() => db.destroy())
const storage = await mkdtemp(join(tmpdir(), 'ramal-upgrade-'))
t.teardown(() => rm(storage, { recursive: true }))
await seedDemo(url)
const { listId } = await pastCalls(db, storage)
await migrateTo(url, oneNumberEach)
await sql`
  insert into do_not_call (tenant_id, e164, reason, author, created_at)
  select tenant_id, e164, 'pediu', 'ana', '2026-10-05' from contacts where name in ('Denise Alves', 'Igor Teles')`.execute(db)

const rows = async (statement: ReturnType<typeof sql>) => (await statement.execute(db)).rows as Record<string, unknown>[]
/** What people see of leads, lists, tasks, history and do-not-call. `number` joins the lead of a number to the table before it. */
async function everything(
  leads: ReturnType<typeof sql>,
  entries: ReturnType<typeof sql>,
  number: (table: string) => ReturnType<typeof sql>,
) {
  return {
    leads: await rows(leads),
    entries: await rows(entries),
    tasks: await rows(sql`select tasks.*, lead.name from tasks ${number('tasks')} order by tasks.id`),
    history: await rows(sql`
      select calls.id, calls.e164, calls.outcome, calls.list_id, contacts.name from calls left join contacts on contacts.id = contact_id
      order by requested_at desc, calls.id`),
    doNotCall: await rows(sql`
      select do_not_call.tenant_id, do_not_call.e164, reason, author, do_not_call.created_at, lead.name
      from do_not_call ${number('do_not_call')} order by do_not_call.e164, do_not_call.tenant_id`),
  }
}

const before = () =>
  everything(
    sql`select id, tenant_id, name, company, owner_agent_id, created_at, e164 from contacts order by id`,
    sql`
      select entries.id, entries.tenant_id, list_id, name, state, reason, attempts, skips, due_at, held_by, held_until, agent_id, changed_at
      from call_list_entries as entries left join contacts using (tenant_id, e164) order by entries.id`,
    (table) => sql`left join contacts as lead on lead.tenant_id = ${sql.raw(table)}.tenant_id and lead.e164 = ${sql.raw(table)}.e164`,
  )

const after = () =>
  everything(
    sql`
      select id, contacts.tenant_id, name, company, owner_agent_id, created_at, e164
      from contacts left join contact_numbers on contact_id = id order by id`,
    sql`
      select entries.id, entries.tenant_id, list_id, name, state, reason, attempts, skips, due_at, held_by, held_until, agent_id, changed_at
      from call_list_entries as entries left join contacts on contacts.id = contact_id order by entries.id`,
    (table) => sql`
      left join contact_numbers on contact_numbers.tenant_id = ${sql.raw(table)}.tenant_id and contact_numbers.e164 = ${sql.raw(table)}.e164
      left join contacts as lead on lead.id = contact_numbers.contact_id`,
  )

t.test('leads, lists, tasks, history and do-not-call are the same after the upgrade, and after going back', async (t) => {
  const old = await before()
  for (const [name, some] of Object.entries(old)) t.ok(some.length > 2, `${some.length} ${name}`)
  await migrateToLatest(url)
  t.same(await after(), old)
  t.same(await rows(sql`select distinct position, label from contact_numbers`), [{ position: 1, label: '' }], 'nothing is merged')
  await migrateTo(url, oneNumberEach)
  t.same(await before(), old)
})

t.test('an entry under a number that was corrected belongs to the lead who was called there', async (t) => {
  const [maria] = await rows(sql`select id, tenant_id, e164 from contacts where name = 'Maria Souza' order by id limit 1`)
  const [joao] = await rows(sql`select id, e164 from contacts where name = 'João Lima' order by id limit 1`)
  if (!maria || !joao) throw new Error('the demo has its cast')
  const [old, never] = ['+5511900000001', '+5511900000002']
  const call = async (id: string, lead: unknown, list: number, e164: string) =>
    sql`
    insert into calls (id, tenant_id, contact_id, list_id, origin, e164, state, outcome, requested_at, first_block_seconds, next_block_seconds, free_seconds)
    values (${id.repeat(32)}, ${maria['tenant_id']}, ${lead}, ${list}, 'click', ${e164}, 'ended', 'busy', '2026-10-05', 30, 6, 3)`.execute(
      db,
    )
  const entry = async (list: number, e164: unknown, state: string, attempts: number) =>
    sql`
    insert into call_list_entries (tenant_id, list_id, e164, state, reason, attempts, due_at, changed_at)
    values (${maria['tenant_id']}, ${list}, ${e164}, ${state}, 'busy', ${attempts}, '2026-10-05', '2026-10-05')`.execute(db)
  const list = async () =>
    Number(
      (
        await sql`
        insert into call_lists (tenant_id, name, most_attempts, wait_minutes, created_at, created_by)
        select tenant_id, 'Corrigidos', 3, 60, created_at, created_by from call_lists where id = ${listId}`.execute(db)
      ).insertId,
    )
  const [tried, equal] = [await list(), await list()]
  // More attempts under the old number; the same number of attempts; a number that no lead was called on.
  await call('a', maria['id'], tried, old)
  await entry(tried, old, 'waiting', 2)
  await entry(tried, maria['e164'], 'waiting', 1)
  await call('b', joao['id'], equal, old)
  await entry(equal, joao['e164'], 'waiting', 1)
  await entry(equal, old, 'passed', 1)
  await entry(equal, never, 'passed', 0)
  await migrateToLatest(url)
  t.same(
    await rows(sql`select list_id, contact_id, state, attempts from call_list_entries where list_id in (${tried}, ${equal}) order by id`),
    [
      { list_id: tried, contact_id: maria['id'], state: 'waiting', attempts: 2 },
      { list_id: equal, contact_id: joao['id'], state: 'passed', attempts: 1 },
    ],
  )
})
