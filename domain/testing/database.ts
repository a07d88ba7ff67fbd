import { randomBytes } from 'node:crypto'
import { createConnection } from 'mysql2/promise'
import { sql } from 'kysely'
import type { Test } from 'tap'
import type { Account } from '../database/grants.ts'
import { migrateToLatest } from '../database/migrate.ts'
import { openDatabase, type Database } from '../database/pool.ts'
import { heldRights, settlingStatements } from '../database/rights.ts'

/** A busy machine connects slowly, and no caller of a test hangs up. */
const connectTimeoutMs = 90_000

/** A fresh, migrated database for one test file, dropped when it ends. */
export async function testDatabase(t: Test, options: { connections?: number } = {}): Promise<Database> {
  const db = openDatabase(await testDatabaseUrl(t), { connectTimeoutMs, ...options })
  t.teardown(() => db.destroy())
  return db
}

/** The URL of such a database, for a test that starts a process on it. dev/test.ts sets RAMAL_TEST_DATABASE_URL. */
export async function testDatabaseUrl(t: Test): Promise<string> {
  const server = process.env['RAMAL_TEST_DATABASE_URL']
  if (server === undefined) throw new Error('RAMAL_TEST_DATABASE_URL is not set: run the tests with npm test')
  const name = `ramal_test_${randomBytes(6).toString('hex')}`
  const admin = await createConnection({ uri: server, connectTimeout: connectTimeoutMs })
  await admin.query(`create database ${name} character set utf8mb4`)
  t.teardown(async () => {
    await admin.query(`drop database ${name}`)
    await admin.end()
  })
  const url = new URL(server)
  url.pathname = `/${name}`
  await migrateToLatest(url.href)
  return url.href
}

/** The same database with the rights of one of our processes or of Asterisk. Closed when the test ends. */
export async function asProcess(t: Test, db: Database, name: Account): Promise<Database> {
  const own = openDatabase(await processUrl(db, name), { connectTimeoutMs })
  t.teardown(() => own.destroy())
  return own
}

/** Its URL, after granting the rights. dev/stack/database.ts creates the users. */
export async function processUrl(db: Database, name: Account): Promise<string> {
  const { rows } = await sql<{ name: string }>`select database() as name`.execute(db)
  const url = new URL(process.env[`RAMAL_TEST_${name.toUpperCase()}_URL`] ?? '')
  url.pathname = `/${rows[0]?.name}`
  // The user keeps its rights in the databases of other tests.
  const held = { ...(await heldRights(url.href)), beyond: [] }
  for (const statement of settlingStatements(name, held)) await sql.raw(statement).execute(db)
  return url.href
}
