import { cpSync, globSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { migrateToLatest } from '../../domain/database/migrate.ts'
import { cache, checkout, shortHash } from '../setup/cache.ts'
import { madeOnce } from '../setup/made-once.ts'
import type { Progress } from '../setup/progress.ts'
import type { Root } from '../setup/root.ts'
import { Database, serverProgram } from './database.ts'
import { openState, type Secrets } from './state.ts'

type Options = { root: Root; secrets: Secrets; port: number; progress: Progress }

const keptMs = 3 * 24 * 60 * 60 * 1000

/**
 * Returns a data directory with all tables and rights, which new stacks copy. It is made once for each set of migrations. The server
 * that makes it listens on `port`.
 */
export async function databaseImage(options: Options): Promise<string> {
  const { root, progress } = options
  const key = imageKey(root)
  const image = join(cache, `database-${key}`)
  const onWait = () => progress.step('waiting for another run that makes the database')
  await madeOnce(image, onWait, async (making) => {
    removeOldImages()
    await make(options, key, making)
  })
  return image
}

async function make({ root, secrets, port, progress }: Options, key: string, making: string): Promise<void> {
  const state = openState(`image-${key}`, root, true)
  try {
    const database = new Database({ root, state, secrets, port, durable: false, progress })
    await database.start()
    try {
      await migrateToLatest(database.url())
      await database.grantRights()
    } finally {
      await database.stop()
    }
    cpSync(state.path('mariadb/data'), making, { recursive: true })
  } finally {
    state.remove()
  }
}

/** A hash of all that the contents depend on. Passwords are not part of it: the server sets them at each start. */
function imageKey(root: Root): string {
  const files = [...globSync('migrations/*.ts', { cwd: checkout }).sort(), 'dev/stack/database.ts', 'domain/database/grants.ts']
  const { size, mtimeMs } = statSync(join(root.directory, serverProgram(root)))
  return shortHash([size, mtimeMs, ...files.flatMap((file) => [file, readFileSync(join(checkout, file), 'utf8')])].join('\n'))
}

function removeOldImages(): void {
  for (const image of globSync(join(cache, 'database-*'))) {
    if (Date.now() - statSync(image).mtimeMs > keptMs) rmSync(image, { recursive: true, force: true })
  }
}
