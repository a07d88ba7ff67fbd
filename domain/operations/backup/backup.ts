import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { sql } from 'kysely'
import { z } from 'zod'
import type { Config } from '../../runtime/config.ts'
import { withDatabase } from '../../database/pool.ts'
import { dumpDatabase } from './database-copy.ts'
import { Repository } from './repository.ts'

/** Beside the recordings, so that one snapshot holds both: the database first, and so every recording that it knows. */
const besideRecordings = '.backup'
export const databaseFile = join(besideRecordings, 'database.sql')
export const settingsFolder = join(besideRecordings, 'settings')
/** What a restore puts aside, and where it writes until all is there. */
export const putAside = '.replaced-'
export const beingRestored = '.restoring'

/**
 * Copies the database, the recordings and the server's settings into the repository, prunes it, and verifies a seventh of it.
 * Writes down that it went well only when all of that did. Throws when anything fails, and while another backup is being made.
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

/** A file of settings that cannot be read keeps nothing else out of the backup; it is said, and the backup has not gone well. */
async function addSnapshot(repository: Repository, { databaseUrl, storageDir, backup }: Config, env: NodeJS.ProcessEnv): Promise<void> {
  const staged = join(storageDir, besideRecordings)
  await rm(staged, { recursive: true, force: true })
  try {
    const settings = join(storageDir, settingsFolder)
    await mkdir(settings, { recursive: true, mode: 0o700 })
    // A server with a firewall of its own has no nftables.d.
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

/** One backup at a time. The lock is the database's: it goes with whoever held it. */
async function alone(databaseUrl: string, work: () => Promise<void>): Promise<void> {
  await withDatabase(databaseUrl, (db) =>
    db.connection().execute(async (connection) => {
      const { rows } = await sql<{ taken: number }>`select get_lock('ramal backup', 0) as taken`.execute(connection)
      if (rows[0]?.taken !== 1) throw new Error('Another backup is being made.')
      await work()
    }),
  )
}

/** There is one each night, at a time that varies by half an hour, and it takes its time: an older one means that the last failed. */
export const oldestGoodMs = 28 * 3_600_000

/** When the last backup went well; null where none ever did. Throws when that cannot be read. */
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
  // The service's umask leaves it to its owner alone; the site and the worker, of the directory's group, show it.
  await chmod(`${file}.new`, 0o640)
  await rename(`${file}.new`, file)
}

const lastGoodFile = 'last-good.json'
const lastGood = z.object({ finishedAt: z.coerce.date() })
