import { readdir } from 'node:fs/promises'
import { basename } from 'node:path'
import { Migrator, type Migration, type MigrationProvider } from 'kysely/migration'
import { loadConfig } from '../runtime/config.ts'
import { openDatabase, type Database } from './pool.ts'

const folder = new URL('../../migrations/', import.meta.url)

/**
 * Migrates the schema to this version. Safe to run twice, and from two processes at once (kysely holds a lock). Returns the names
 * of the applied migrations.
 */
export async function migrateToLatest(databaseUrl: string): Promise<string[]> {
  const db = openDatabase(databaseUrl, { connections: 2, connectTimeoutMs: 10_000 })
  try {
    const { error, results = [] } = await new Migrator({ db, provider }).migrateToLatest()
    const failed = results.find((result) => result.status === 'Error')
    if (error) throw new Error(`migration ${failed?.migrationName ?? ''} failed`, { cause: error })
    return results.map((result) => result.migrationName)
  } finally {
    await db.destroy()
  }
}

/**
 * Migrates the schema to just after a migration, forwards or back, for tests and benchmarks of migrations. A server goes back by its
 * dump (docs/upgrade.md).
 */
export async function migrateTo(databaseUrl: string, migration: string): Promise<void> {
  const db = openDatabase(databaseUrl, { connections: 2, connectTimeoutMs: 10_000 })
  try {
    const { error } = await new Migrator({ db, provider }).migrateTo(migration)
    if (error) throw new Error(`migrating to ${migration} failed`, { cause: error })
  } finally {
    await db.destroy()
  }
}

/** The migrations of this version that the database lacks, in order. */
export async function pendingMigrations(db: Database): Promise<string[]> {
  const migrations = await new Migrator({ db, provider }).getMigrations()
  return migrations.filter(({ executedAt }) => executedAt === undefined).map(({ name }) => name)
}

const provider: MigrationProvider = {
  async getMigrations() {
    const files = (await readdir(folder)).filter((file) => file.endsWith('.ts')).sort()
    const entries = files.map(async (file) => [basename(file, '.ts'), (await import(new URL(file, folder).href)) as Migration])
    return Object.fromEntries(await Promise.all(entries)) as Record<string, Migration>
  },
}

if (import.meta.main) {
  const applied = await migrateToLatest(loadConfig().databaseUrl)
  console.log(applied.length === 0 ? 'The database is up to date.' : `Applied: ${applied.join(', ')}`)
}
