import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import t from 'tap'
import { processUrl, testDatabase } from '../testing/database.ts'
import { accounts, grants, type Account } from './grants.ts'
import { openDatabase } from './pool.ts'
import { compareRights, heldRights, wantedRights, type Difference } from './rights.ts'

const db = await testDatabase(t)
const web = await processUrl(db, 'web')

t.test('grants.ts lists every table and view of the schema, and no others', async (t) => {
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables where table_schema = database()`.execute(db)
  t.ok(rows.length > 40)
  t.same(rows.map(({ name }) => name).sort(), Object.keys(grants).sort(), 'domain/database/grants.ts has a line for each table')
})

t.test('each column in grants.ts exists', async (t) => {
  const { rows } = await sql<{ name: string }>`
    select concat(table_name, ' ', column_name) as name from information_schema.columns where table_schema = database()`.execute(db)
  const columns = new Set(rows.map(({ name }) => name))
  for (const account of Object.keys(accounts) as Account[])
    for (const right of wantedRights(account)) {
      t.match(right, /^\w+ (select|insert|update|delete)(\(\w+\))?$/)
      const [, table, column] = /^(\w+) \w+\((\w+)\)$/.exec(right) ?? []
      if (column !== undefined) t.ok(columns.has(`${table} ${column}`), right)
    }
})

t.test(
  'only the site reads password hashes and sessions, only Asterisk and the site read SIP digests, and the ledger is append-only',
  (t) => {
    const may = (account: Account, right: string) => wantedRights(account).has(right)
    const columnsOf = (account: Account, table: string) => [...wantedRights(account)].filter((right) => right.startsWith(`${table} select`))
    for (const account of ['fastagi', 'worker'] as const) {
      t.notOk(columnsOf(account, 'users').some((right) => /\(password_hash\)|select$/.test(right)))
      t.notOk(columnsOf(account, 'phones').some((right) => /\(digest\)|select$/.test(right)))
      t.notOk(may(account, 'sessions select'))
    }
    for (const account of Object.keys(accounts) as Account[])
      for (const change of ['update', 'delete']) t.notOk(may(account, `ledger_entries ${change}`), `${account}: ${change}`)
    t.notOk(may('fastagi', 'sessions delete'))
    t.end()
  },
)

t.test('missing and excess rights of an account are found, and the generated statements correct them', async (t) => {
  t.same(await difference(), { missing: [], excess: [] })
  const { user, host, database } = await heldRights(web)
  const name = `'${user}'@'${host}'`
  await sql.raw(`revoke insert on \`${database}\`.calls from ${name}`).execute(db)
  await sql.raw(`grant select (content), delete on \`${database}\`.contact_imports to ${name}`).execute(db)
  t.same(await difference(), {
    missing: ['calls insert'],
    excess: ['contact_imports delete', 'contact_imports select(content)'],
  })
  const statements = await program(`web ${web}\n`)
  t.equal(statements.length, 2, statements.join('\n'))
  for (const statement of statements) await sql.raw(statement).execute(db)
  t.same(await difference(), { missing: [], excess: [] })
  t.same(await program(`web ${web}\n`), [], 'no statement is left')
})

t.test('narrowing a right to columns keeps the columns that the process needs', async (t) => {
  const { user, host, database } = await heldRights(web)
  await sql.raw(`grant update on \`${database}\`.tenants to '${user}'@'${host}'`).execute(db)
  t.same(await difference(), { missing: [], excess: ['tenants update'] })
  for (const statement of await program(`web ${web}\n`)) await sql.raw(statement).execute(db)
  t.same(await difference(), { missing: [], excess: [] })
})

t.test('the database refuses what a process may not do', async (t) => {
  const fastagi = openDatabase(await processUrl(db, 'fastagi'), { connections: 1 })
  t.teardown(() => fastagi.destroy())
  for (const statement of [
    'select password_hash from users',
    'select * from sessions',
    'delete from leases',
    'drop table calls',
    'update ledger_entries set seconds = 0',
    "update tenants set slug = 'sol'",
  ])
    await t.rejects(sql.raw(statement).execute(fastagi), /denied/, statement)
  t.ok(await sql`select id, disabled_at from users`.execute(fastagi))
})

/** The URL of the site's user, without its rights in the databases of other tests. */
async function difference(): Promise<Difference> {
  const { missing, excess } = compareRights('web', await heldRights(web))
  return { missing, excess: excess.filter((right) => !right.includes(' on `ramal')) }
}

/** The statements the installer gets for this database, without semicolons. */
async function program(input: string): Promise<string[]> {
  const running = promisify(execFile)(process.execPath, [`${import.meta.dirname}/rights.ts`])
  running.child.stdin?.end(input)
  return (await running).stdout.split(';\n').filter((statement) => statement.includes(new URL(web).pathname.slice(1)))
}
