import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Account } from '../../domain/database/grants.ts'
import { cache, checkoutKey } from '../setup/cache.ts'
import { SetupFailure } from '../setup/failure.ts'
import type { Root } from '../setup/root.ts'

/** The directory of a stack: data, configuration, sockets, logs. It has the same path inside the private tree. */
export type State = {
  directory: string
  path(...parts: string[]): string
  remove(): void
}

/** Linux limits the path of a Unix socket to 108 bytes with the final zero. */
const longestSocketPath = 107
const longestSocketName = 'mariadb/mariadbd.sock'

/**
 * Opens the state directory of a stack, and makes it if it is missing. Daemons in the private tree cannot see other directories, and a
 * bind mount would remain after SIGKILL. So the real directory is in the tree, and a link outside has the same path.
 */
export function openState(name: string, root: Root, fresh: boolean): State {
  const directory = join(cache, 'state', `${name}-${checkoutKey}`)
  const longest = join(directory, longestSocketName)
  if (Buffer.byteLength(longest) > longestSocketPath) {
    throw new SetupFailure(
      `The path ${longest} is too long for a Unix socket (${longestSocketPath} bytes at most). Set RAMAL_CACHE to a shorter directory.`,
    )
  }
  mkdirSync(dirname(directory), { recursive: true })
  const real = root.directory === '' ? directory : join(root.directory, directory)
  const remove = () => {
    rmSync(real, { recursive: true, force: true })
    rmSync(directory, { recursive: true, force: true })
  }
  if (fresh) remove()
  if (real !== directory) placeInTree(directory, real)
  mkdirSync(real, { recursive: true })
  return { directory, path: (...parts) => join(directory, ...parts), remove }
}

function placeInTree(directory: string, real: string): void {
  mkdirSync(dirname(real), { recursive: true })
  // Move the state of an older tree, or of a run without a tree.
  if (!existsSync(real) && existsSync(directory)) renameSync(realpathSync(directory), real)
  rmSync(directory, { recursive: true, force: true })
  symlinkSync(real, directory)
}

export type Secrets = { root: string; ramal: string; session: string } & Record<Account, string>

/** The passwords of the stack's database and its session secret: made once, readable only by the owner. */
export function openSecrets(state: State): Secrets {
  const file = state.path('secrets.json')
  const password = () => randomBytes(18).toString('base64url')
  const made: Secrets = {
    root: password(),
    ramal: password(),
    fastagi: password(),
    web: password(),
    worker: password(),
    asterisk: password(),
    session: randomBytes(32).toString('hex'),
  }
  // Keep those of an older checkout.
  const secrets = existsSync(file) ? { ...made, ...(JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets>) } : made
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 })
  return secrets
}
