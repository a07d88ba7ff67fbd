import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { sql } from 'kysely'
import { z } from 'zod'
import type { Config } from '../../runtime/config.ts'
import { withDatabase } from '../../database/pool.ts'
import { dumpDatabase } from './database-copy.ts'
import { Repository } from './repository.ts'

/**
 * Beside the recordings, so that one snapshot holds both. The database comes first, so that every recording it knows is in the
 * snapshot.
 */
const besideRecordings = '.backup'
export const databaseFile = join(besideRecordings, 'database.sql')
export const settingsFolder = join(besideRecordings, 'settings')
/** The directories of files that a restore sets aside and of files it is still writing. */
export const putAside = '.replaced-'
export const beingRestored = '.restoring'

/**
 * Copies the database, the recordings and the server's settings into the repository, prunes it, and verifies a seventh of it.
 * Records success only if all steps succeed. Throws if a step fails or another backup runs.
 */
export async function backUp(config: Config, env: NodeJS.ProcessEnv, now: () => Date): Promise<void> {
  await alone(config.databaseUrl, async () => {
    const repository = new Repository(config.backup, env)
    await repository.prepare()
    await addSnapshot(repository, config, env)
    await repository.prune()
    await repository.verify(now())
    await noteLastGood(config.backup.stateDir, now())
  })
}

/** An unreadable settings file keeps nothing else out of the backup, but the backup fails. */
async function addSnapshot(repository: Repository, { databaseUrl, storageDir, backup }: Config, env: NodeJS.ProcessEnv): Promise<void> {
  const staged = join(storageDir, besideRecordings)
  await rm(staged, { recursive: true, force: true })
  try {
    const settings = join(storageDir, settingsFolder)
    await mkdir(settings, { recursive: true, mode: 0o700 })
    // A server with another firewall has no nftables.d.
    const copies = backup.settings
      .filter((path) => existsSync(path))
      .map((path) => cp(path, join(settings, basename(path)), { recursive: true, dereference: true }))
    const unread = (await Promise.allSettled(copies)).find((copy) => copy.status === 'rejected')
    await dumpDatabase(databaseUrl, join(storageDir, databaseFile), env)
    await repository.add(storageDir, ['*.part', `${putAside}*`, beingRestored])
    if (unread) throw unread.reason
  } finally {
    await rm(staged, { recursive: true, force: true })
  }
}

/** Allows one backup at a time. The lock belongs to the database connection, so it ends with its holder. */
async function alone(databaseUrl: string, work: () => Promise<void>): Promise<void> {
  await withDatabase(databaseUrl, (db) =>
    db.connection().execute(async (connection) => {
      const { rows } = await sql<{ taken: number }>`select get_lock('ramal backup', 0) as taken`.execute(connection)
      if (rows[0]?.taken !== 1) throw new Error('Another backup is being made.')
      await work()
    }),
  )
}

/** Backups start each night, within half an hour, and take some time. An older one means that the last backup failed. */
export const oldestGoodMs = 28 * 3_600_000

/** The time of the last successful backup; null if none. Throws if it cannot be read. */
export async function lastGoodBackup(stateDir: string): Promise<Date | null> {
  const text = await readFile(join(stateDir, lastGoodFile), 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return null
  })
  return text === null ? null : lastGood.parse(JSON.parse(text)).finishedAt
}

async function noteLastGood(stateDir: string, finishedAt: Date): Promise<void> {
  const file = join(stateDir, lastGoodFile)
  await writeFile(`${file}.new`, `${JSON.stringify({ finishedAt })}\n`)
  // The service's umask makes the file private; the site and the worker, in the directory's group, read it.
  await chmod(`${file}.new`, 0o640)
  await rename(`${file}.new`, file)
}

const lastGoodFile = 'last-good.json'
const lastGood = z.object({ finishedAt: z.coerce.date() })
