/**
 * `npm run bench:contact-numbers`: how long the upgrade to leads with several numbers takes, with a million leads, a million entries of
 * ten call lists and a hundred thousand calls from them.
 *   npm run bench:contact-numbers -- --leads 100000
 */
import { parseArgs } from 'node:util'
import { sql } from 'kysely'
import { migrateTo } from '../../domain/database/migrate.ts'
import { openDatabase } from '../../domain/database/pool.ts'
import { seedDemo } from '../seed.ts'
import { terminalProgress } from '../setup/progress.ts'
import { startStack } from '../stack/stack.ts'

const { values } = parseArgs({ options: { leads: { type: 'string', default: '1000000' } } })
const leads = Number(values.leads)
/** The last migration with one number for each lead. */
const oneNumberEach = '236-end-of-a-leg'
const lists = 10
const progress = terminalProgress()
const stack = await startStack({
  name: 'bench-numbers',
  fresh: true,
  temporary: true,
  durable: true,
  parts: ['mariadb'],
  progress,
})
const db = openDatabase(stack.env.RAMAL_DATABASE_URL)
try {
  await seedDemo(stack.env.RAMAL_DATABASE_URL)
  await migrateTo(stack.env.RAMAL_DATABASE_URL, oneNumberEach)
  progress.step(`writing ${leads.toLocaleString('en')} leads`)
  await seed()
  progress.step('migrating')
  const startedAt = performance.now()
  await migrateTo(stack.env.RAMAL_DATABASE_URL, '240-contact-numbers')
  const seconds = (performance.now() - startedAt) / 1000
  const count = async (table: string) =>
    (await sql<{ count: number }>`select count(*) as count from ${sql.table(table)}`.execute(db)).rows[0]?.count ?? 0
  progress.note(
    `${(await count('contact_numbers')).toLocaleString('en')} numbers and ${(await count('call_list_entries')).toLocaleString('en')} entries in ${seconds.toFixed(1)} s`,
  )
} finally {
  await db.destroy()
  await stack.stop()
}

async function seed(): Promise<void> {
  const { id: tenantId } = await db.selectFrom('tenants').select('id').where('slug', '=', 'padaria-sol').executeTakeFirstOrThrow()
  const { id: userId } = await db.selectFrom('users').select('id').where('tenant_id', '=', tenantId).executeTakeFirstOrThrow()
  // Leads come in any order of their numbers.
  const number = sql`concat('+55119', lpad((seq * 48271) mod 99999989, 8, '0'))`
  await sql`
    insert into contacts (tenant_id, name, company, e164)
    select ${tenantId}, concat('Lead ', seq), concat('Empresa ', seq % 900), ${number} from ${sql.raw(`seq_1_to_${leads}`)}`.execute(db)
  const now = new Date()
  const list = { tenant_id: tenantId, name: 'Lista', most_attempts: 3, wait_minutes: 60, created_at: now, created_by: userId }
  for (let n = 0; n < lists; n++) {
    const { insertId } = await db.insertInto('call_lists').values(list).executeTakeFirstOrThrow()
    await sql`
      insert into call_list_entries (tenant_id, list_id, e164, state, attempts, due_at, changed_at)
      select ${tenantId}, ${Number(insertId)}, ${number}, if(seq % 2 = 0, 'waiting', 'done'), seq % 4, ${now}, ${now}
      from ${sql.raw(`seq_1_to_${leads}`)} where seq % ${lists} = ${n}`.execute(db)
  }
  await sql`
    insert into calls (id, tenant_id, contact_id, list_id, origin, e164, state, outcome, requested_at, first_block_seconds, next_block_seconds, free_seconds)
    select md5(call_list_entries.id), ${tenantId}, contacts.id, list_id, 'click', contacts.e164, 'ended', 'busy', ${now}, 30, 6, 3
    from call_list_entries join contacts using (tenant_id, e164) where call_list_entries.id % 10 = 1`.execute(db)
}
