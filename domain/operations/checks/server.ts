import { stripVTControlCharacters } from 'node:util'
import type { Config } from '../../runtime/config.ts'
import type { Database } from '../../database/pool.ts'
import { runBounded } from './run-bounded.ts'

const answersWithinMs = 10_000

/** The server under check. */
export interface Server {
  config: Config
  /** The source of `config`. */
  env: NodeJS.ProcessEnv
  db: Database
  /** The output of a command of Asterisk's console. Throws if Asterisk does not answer. */
  asterisk: (command: string) => Promise<string>
  now: Date
}

/** Runs a command in Asterisk's remote console, `RAMAL_ASTERISK -rx "core show version"`. */
export function remoteConsole([file = '', ...args]: readonly string[], env: NodeJS.ProcessEnv): Server['asterisk'] {
  return async (command) => {
    const { code, stdout, stderr } = await runBounded(file, [...args, '-rx', command], { env, timeoutMs: answersWithinMs })
    if (code !== 0) throw new Error(stderr.trim() || stdout.trim() || `${file} exited with ${code}`)
    // A newer Asterisk writes colours even into a pipe.
    return stripVTControlCharacters(stdout)
  }
}
