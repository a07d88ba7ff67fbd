import { stripVTControlCharacters } from 'node:util'
import type { Config } from '../../runtime/config.ts'
import type { Database } from '../../database/pool.ts'
import { runBounded } from './run-bounded.ts'

const answersWithinMs = 10_000

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
    const { code, stdout, stderr } = await runBounded(file, [...args, '-rx', command], { env, timeoutMs: answersWithinMs })
    if (code !== 0) throw new Error(stderr.trim() || stdout.trim() || `${file} ended with ${code}`)
    // The console of a newer Asterisk writes colours even into a pipe.
    return stripVTControlCharacters(stdout)
  }
}
