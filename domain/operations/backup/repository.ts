import { z } from 'zod'
import type { BackupConfig } from '../../runtime/config.ts'
import { runProgram } from './run-program.ts'

/** A copy of everything as it was at one moment. */
export interface Snapshot {
  id: string
  at: Date
}

/** Every snapshot of a server has the same host, whatever the machine is called: the next one after a move knows its parent. */
const origin = ['--host', 'ramal', '--tag', 'ramal']
/** How many are kept: the newest of each day, week and month. What is deleted in Ramal is gone from all after half a year. */
const kept = ['--keep-daily', '14', '--keep-weekly', '5', '--keep-monthly', '6']
const weekDays = 7

/** Where backups are: encrypted, each piece kept once. It is restic's; any restic with the key opens it. */
export class Repository {
  readonly #env: NodeJS.ProcessEnv

  constructor({ repository, keyFile }: BackupConfig, env: NodeJS.ProcessEnv) {
    // S3's own variables (AWS_ACCESS_KEY_ID and others) are in the environment, where restic looks for them.
    this.#env = { ...env, RESTIC_REPOSITORY: repository, RESTIC_PASSWORD_FILE: keyFile }
  }

  /** Makes it where there is none, and takes away the lock of a run that was killed. */
  async prepare(): Promise<void> {
    await this.#restic(['unlock']).catch(async (error: unknown) => {
      if (!/unable to open config file|Is there a repository/.test((error as Error).message)) throw error
      await this.#restic(['init'])
    })
  }

  /** Adds a snapshot of all that is below `directory`, apart from `exclude`. */
  async add(directory: string, exclude: readonly string[]): Promise<void> {
    const not = exclude.flatMap((pattern) => ['--exclude', pattern])
    // From inside: names in the snapshot begin there, so that another server may keep its files elsewhere.
    await this.#restic(['backup', ...origin, ...not, '.'], directory)
  }

  /** Forgets what is too old. */
  async prune(): Promise<void> {
    await this.#restic(['forget', '--tag', 'ramal', '--group-by', 'host', ...kept, '--prune'])
  }

  /** Reads a seventh of everything, another one each day; or all of it. Throws when something is damaged. */
  async verify(how: 'all' | Date): Promise<void> {
    await this.#restic(['check', how === 'all' ? '--read-data' : `--read-data-subset=${how.getUTCDay() + 1}/${weekDays}`])
  }

  /** Oldest first. */
  async list(): Promise<Snapshot[]> {
    const found = snapshots.parse(JSON.parse(await this.#restic(['snapshots', '--json', '--no-lock', '--tag', 'ramal'])))
    return found.map(({ short_id, time }) => ({ id: short_id, at: time })).sort((a, b) => a.at.getTime() - b.at.getTime())
  }

  /** Writes a snapshot below `directory`, and compares what was written with it. */
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
