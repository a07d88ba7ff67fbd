import { execFile } from 'node:child_process'
import { promisify, stripVTControlCharacters } from 'node:util'
import type { Config } from '../config.ts'
import type { Database } from '../database/pool.ts'

const run = promisify(execFile)

/** What the checks look at. */
export interface Server {
  config: Config
  /** What `config` was read from. */
  env: NodeJS.ProcessEnv
  db: Database
  /** What Asterisk's own command line answers to `command`. Throws when there is no Asterisk that answers. */
  asterisk: (command: string) => Promise<string>
  now: Date
}

/** Asks Asterisk by its remote console, `RAMAL_ASTERISK -rx "core show version"`. */
export function remoteConsole([file = '', ...args]: readonly string[], env: NodeJS.ProcessEnv): Server['asterisk'] {
  return async (command) => {
    const { stdout } = await run(file, [...args, '-rx', command], { env, timeout: 10_000, maxBuffer: 16 * 1024 * 1024 })
    // The console of a newer Asterisk writes colours even into a pipe.
    return stripVTControlCharacters(stdout)
  }
}
