import { z } from 'zod'
import type { BackupConfig } from '../../runtime/config.ts'
import { runProgram } from './run-program.ts'

/** A snapshot of everything at one time. */
export interface Snapshot {
  id: string
  at: Date
}

/** All snapshots of a server have the same host name, so that restic finds the previous one after a move to another machine. */
const origin = ['--host', 'ramal', '--tag', 'ramal']
/** How many snapshots are kept: the newest of each day, week and month. Deleted data leaves the last snapshot after half a year. */
const kept = ['--keep-daily', '14', '--keep-weekly', '5', '--keep-monthly', '6']
const weekDays = 7

/** A restic repository: encrypted and deduplicated. Any restic with the key can open it. */
export class Repository {
  readonly #env: NodeJS.ProcessEnv

  constructor({ repository, keyFile }: BackupConfig, env: NodeJS.ProcessEnv) {
    // restic reads S3's own variables (AWS_ACCESS_KEY_ID and others) from the environment.
    this.#env = { ...env, RESTIC_REPOSITORY: repository, RESTIC_PASSWORD_FILE: keyFile }
  }

  /** Creates the repository if needed, and removes the lock of a killed run. */
  async prepare(): Promise<void> {
    await this.#restic(['unlock']).catch(async (error: unknown) => {
      if (!/unable to open config file|Is there a repository/.test((error as Error).message)) throw error
      await this.#restic(['init'])
    })
  }

  /** Adds a snapshot of everything below `directory`, except `exclude`. */
  async add(directory: string, exclude: readonly string[]): Promise<void> {
    const not = exclude.flatMap((pattern) => ['--exclude', pattern])
    // With relative names, so that another server may keep its files elsewhere.
    await this.#restic(['backup', ...origin, ...not, '.'], directory)
  }

  /** Deletes old snapshots. */
  async prune(): Promise<void> {
    await this.#restic(['forget', '--tag', 'ramal', '--group-by', 'host', ...kept, '--prune'])
  }

  /** Verifies a seventh of the data, a different one each day, or all of it. Throws if data is damaged. */
  async verify(how: 'all' | Date): Promise<void> {
    await this.#restic(['check', how === 'all' ? '--read-data' : `--read-data-subset=${how.getUTCDay() + 1}/${weekDays}`])
  }

  /** Oldest first. */
  async list(): Promise<Snapshot[]> {
    const found = snapshots.parse(JSON.parse(await this.#restic(['snapshots', '--json', '--no-lock', '--tag', 'ramal'])))
    return found.map(({ short_id, time }) => ({ id: short_id, at: time })).sort((a, b) => a.at.getTime() - b.at.getTime())
  }

  /** Restores a snapshot below `directory`, and verifies the result. */
  async restore({ id }: Snapshot, directory: string): Promise<void> {
    await this.#restic(['restore', id, '--target', directory, '--verify'])
  }

  #restic(args: string[], cwd?: string): Promise<string> {
    const cache = this.#env['CACHE_DIRECTORY']
    const options = ['--quiet', ...(cache === undefined ? ['--no-cache'] : ['--cache-dir', cache])]
    return runProgram('restic', [...options, ...args], { env: this.#env, ...(cwd !== undefined && { cwd }) })
  }
}

const snapshots = z
  .array(z.object({ short_id: z.string(), time: z.coerce.date() }))
  .nullable()
  .transform((all) => all ?? [])
