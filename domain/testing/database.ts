import { randomBytes } from 'node:crypto'
import { createConnection } from 'mysql2/promise'
import type { Test } from 'tap'
import { migrateToLatest } from '../database/migrate.ts'
import { openDatabase, type Database } from '../database/pool.ts'

/** A fresh, migrated database for one test file, dropped when it ends. */
export async function testDatabase(t: Test, options: { connections?: number } = {}): Promise<Database> {
  // A busy machine is slow to connect, and no caller of a test hangs up meanwhile.
  const db = openDatabase(await testDatabaseUrl(t), { connectTimeoutMs: 10_000, ...options })
  t.teardown(() => db.destroy())
  return db
}

/** The same as a URL, for a test that starts a process on it. The server is RAMAL_TEST_DATABASE_URL, set by dev/test.ts. */
export async function testDatabaseUrl(t: Test): Promise<string> {
  const server = process.env['RAMAL_TEST_DATABASE_URL']
  if (server === undefined) throw new Error('RAMAL_TEST_DATABASE_URL is not set: run the tests with npm test')
  const name = `ramal_test_${randomBytes(6).toString('hex')}`
  const admin = await createConnection(server)
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
