import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Progress } from '../setup/progress.ts'
import { findInRoot } from '../setup/root.ts'
import type { Root } from '../setup/root.ts'
import { runCommand } from '../setup/run-command.ts'
import { Daemon } from './daemon.ts'

type Options = {
  name: string
  root: Root
  /** The directory of this instance, with etc, spool, log, run and data. */
  directory: string
  logFile: string
  env?: NodeJS.ProcessEnv
  /** Writes etc/ and data/ before each start and each reload. */
  configure: () => Promise<void> | void
  progress: Progress
}

/** An Asterisk process with its own directories. */
export class Asterisk extends Daemon {
  readonly directory: string
  readonly #options: Options

  constructor(options: Options) {
    const { root, directory } = options
    super({
      name: options.name,
      logFile: options.logFile,
      command: () => ({
        // -f: stay in the foreground. Without -U and -G it runs as the current user.
        ...root.command(program(root), ['-C', join(directory, 'etc/asterisk.conf'), '-f']),
        env: { PATH: process.env['PATH'], HOME: directory, TZ: 'UTC', LANG: 'C.UTF-8', ...options.env },
      }),
      beforeStart: () => this.#prepare(),
      ready: () => this.#booted(),
      stopWithinMs: 10_000,
      onUnexpectedEnd: options.progress.note,
    })
    this.directory = directory
    this.#options = options
  }

  /** Runs a command of Asterisk's command line, such as `core show channels`. */
  async cli(command: string): Promise<string> {
    const { root, directory } = this.#options
    const [file = '', ...args] = [...asteriskCommand(root, directory), '-rx', command]
    return runCommand(file, args, { env: { PATH: process.env['PATH'], HOME: directory, TZ: 'UTC', LANG: 'C.UTF-8' } })
  }

  /** Loads the changed dialplan and settings; calls continue. */
  async reload(): Promise<void> {
    await this.#options.configure()
    await this.cli('core reload')
  }

  async #prepare(): Promise<void> {
    for (const part of ['etc', 'data', 'var/keys', 'spool/outgoing', 'spool/tmp', 'spool/monitor', 'log', 'run'])
      mkdirSync(join(this.directory, part), { recursive: true })
    // Asterisk would dial a call file of its last run again.
    const outgoing = join(this.directory, 'spool/outgoing')
    for (const file of readdirSync(outgoing)) rmSync(join(outgoing, file), { recursive: true, force: true })
    rmSync(join(this.directory, 'run'), { recursive: true, force: true })
    mkdirSync(join(this.directory, 'run'))
    await this.#options.configure()
  }

  async #booted(): Promise<void> {
    const answer = await this.cli('core waitfullybooted')
    if (!answer.includes('fully booted')) throw new Error(answer)
  }
}

/** The program and the option for the configuration of this directory; the caller adds more options. */
export function asteriskCommand(root: Root, directory: string): string[] {
  const { file, args } = root.command(program(root), ['-C', join(directory, 'etc/asterisk.conf')])
  return [file, ...args]
}

function program(root: Root): string {
  return findInRoot(root, '/usr/sbin/asterisk', '/usr/local/sbin/asterisk')
}
