import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import type { Config } from '../config.ts'
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
 * Writes down that it went well only when all of that did. Throws when anything fails.
 */
export async function backUp({ databaseUrl, storageDir, backup }: Config, env: NodeJS.ProcessEnv, now: () => Date): Promise<void> {
  const repository = new Repository(backup, env)
  await repository.prepare()
  const staged = join(storageDir, besideRecordings)
  await rm(staged, { recursive: true, force: true })
  try {
    await mkdir(join(storageDir, settingsFolder), { recursive: true, mode: 0o700 })
    for (const path of backup.settings)
      await cp(path, join(storageDir, settingsFolder, basename(path)), { recursive: true, dereference: true })
    await dumpDatabase(databaseUrl, join(storageDir, databaseFile), env)
    await repository.add(storageDir, ['*.part', `${putAside}*`, beingRestored])
  } finally {
    await rm(staged, { recursive: true, force: true })
  }
  await repository.prune()
  await repository.verify(now())
  await noteLastGood(backup.stateDir, now())
}

/** When the last backup went well; null where none ever did. */
export async function lastGoodBackup(stateDir: string): Promise<Date | null> {
  const text = await readFile(join(stateDir, lastGoodFile), 'utf8').catch(() => null)
  return text === null ? null : lastGood.parse(JSON.parse(text)).finishedAt
}

async function noteLastGood(stateDir: string, finishedAt: Date): Promise<void> {
  const file = join(stateDir, lastGoodFile)
  await writeFile(`${file}.new`, `${JSON.stringify({ finishedAt })}\n`)
  await rename(`${file}.new`, file)
}

const lastGoodFile = 'last-good.json'
const lastGood = z.object({ finishedAt: z.coerce.date() })
