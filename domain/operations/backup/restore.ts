import { cp, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { Bucket } from '../../recordings/bucket.ts'
import type { Config } from '../../runtime/config.ts'
import { accounts } from '../../database/grants.ts'
import { migrateToLatest } from '../../database/migrate.ts'
import { withDatabase, type Database } from '../../database/pool.ts'
import { markMoved } from '../../recordings/recordings.ts'
import { beingRestored, databaseFile, putAside, settingsFolder } from './backup.ts'
import { loadDatabase } from './database-copy.ts'
import type { Repository, Snapshot } from './repository.ts'

/** What exists where a snapshot will be restored. */
export interface Target {
  companies: number
  /** Directories and files of recordings. */
  stored: number
  /** Connections of our processes, which must be stopped first; Asterisk may run. Seeing other users requires the right PROCESS. */
  inUse: number
}

export interface Restored {
  companies: number
  calls: number
  /** The sum of all ledgers: the balances of all companies. */
  ledgerSeconds: number
  recordings: number
  /** Calls whose stored recording is missing. */
  damaged: string[]
  /** The directory of the lost server's settings. */
  settingsDir: string
}

export async function lookAtTarget({ databaseUrl, storageDir }: Config): Promise<Target> {
  return withDatabase(databaseUrl, async (db) => {
    const others = await sql<{ count: number }>`
      select count(*) as count from information_schema.processlist
      where db = database() and id <> connection_id() and user <> ${accounts.asterisk}`.execute(db)
    return { companies: await countCompanies(db), stored: (await contents(storageDir)).length, inUse: Number(others.rows[0]?.count) }
  })
}

/**
 * Replaces the present data by a snapshot: drops the old database, sets old recordings aside, then migrates the tables to this
 * version. Changes nothing until the whole snapshot has been read and verified.
 */
export async function restore(
  repository: Repository,
  snapshot: Snapshot,
  config: Config,
  env: NodeJS.ProcessEnv,
  now: Date,
): Promise<Restored> {
  const { databaseUrl, storageDir, backup } = config
  const staged = join(storageDir, beingRestored)
  const settingsDir = join(backup.stateDir, `settings-of-${snapshot.id}`)
  await rm(staged, { recursive: true, force: true })
  try {
    await mkdir(staged, { mode: 0o700 })
    await repository.restore(snapshot, staged)
    // The settings contain passwords: only root and the backup's own user may read them.
    await mkdir(settingsDir, { recursive: true, mode: 0o700 })
    await cp(join(staged, settingsFolder), settingsDir, { recursive: true })
    await loadDatabase(databaseUrl, join(staged, databaseFile), env)
    await move(storageDir, join(storageDir, `${putAside}${now.toISOString().replaceAll(/[:.]/g, '')}`))
    await move(staged, storageDir)
  } finally {
    await rm(staged, { recursive: true, force: true })
  }
  await migrateToLatest(databaseUrl)
  return withDatabase(databaseUrl, async (db) => ({ ...(await count(db, config)), settingsDir }))
}

/** Moves the companies' directories, if any. Both places are on one disk. */
async function move(from: string, to: string): Promise<void> {
  for (const name of await contents(from)) {
    await mkdir(to, { recursive: true })
    await rename(join(from, name), join(to, name))
  }
}

async function contents(storageDir: string): Promise<string[]> {
  return (await readdir(storageDir)).filter((name) => !name.startsWith('.'))
}

/** 0 also if the tables do not exist yet. */
async function countCompanies(db: Database): Promise<number> {
  const tables = await sql`show tables like 'tenants'`.execute(db)
  return tables.rows.length === 0 ? 0 : countOf(db, 'tenants')
}

async function countOf(db: Database, table: 'tenants' | 'calls'): Promise<number> {
  return (await db.selectFrom(table).select(db.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()).count
}

async function count(db: Database, { storageDir, bucket: bucketConfig }: Config): Promise<Omit<Restored, 'settingsDir'>> {
  const ledger = await db.selectFrom('ledger_entries').select(db.fn.sum<number | null>('seconds').as('sum')).executeTakeFirstOrThrow()
  const stored = db.selectFrom('recordings').select(['call_id', 'path', 'bytes']).where('state', '=', 'ready').where('place', '=', 'disk')
  let recordings = 0
  const missed: { call_id: string; path: string | null; bytes: number | null }[] = []
  for await (const recording of stored.stream()) {
    recordings++
    if ((await sizeOf(storageDir, recording.path)) !== recording.bytes) missed.push(recording)
  }
  const damaged: string[] = []
  const bucket = bucketConfig && new Bucket(bucketConfig)
  for (const { call_id, path, bytes } of missed) {
    // It was moved to the bucket during the backup.
    const moved = bucket !== null && path !== null && (await bucket.size(path)) === bytes
    if (moved) await markMoved(db, call_id)
    else damaged.push(call_id)
  }
  return {
    companies: await countOf(db, 'tenants'),
    calls: await countOf(db, 'calls'),
    ledgerSeconds: Number(ledger.sum ?? 0),
    recordings,
    damaged,
  }
}

async function sizeOf(storageDir: string, path: string | null): Promise<number | null> {
  if (path === null) return null
  return (await stat(join(storageDir, path)).catch(() => null))?.size ?? null
}
