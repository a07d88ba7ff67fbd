import { execFileSync } from 'node:child_process'
import { globSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { cache, shortHash } from './cache.ts'
import { SetupFailure } from './failure.ts'
import { madeOnce } from './made-once.ts'
import { findProgram } from './packages.ts'
import type { Progress } from './progress.ts'
import { runCommand } from './run-command.ts'

const packages = ['nginx-light', 'coturn', 'nftables', 'fail2ban', 'restic', 'mariadb-client', 'prometheus']

/** Other programs of a server, for tests. The packages are unpacked but not installed, so that no service starts. */
export class UnpackedPrograms {
  readonly #directory: string

  private constructor(directory: string) {
    this.#directory = directory
  }

  /** Downloads the packages once (50 MB, seconds). */
  static async ensure(progress: Progress): Promise<UnpackedPrograms> {
    const directory = join(cache, `unpacked-${shortHash(packages.join(' '))}`)
    const onWait = () => progress.note('Another run unpacks nginx, coturn and the others; waiting for it')
    await madeOnce(directory, onWait, (making) => unpack(making, progress))
    return new UnpackedPrograms(directory)
  }

  /** The real path of a file of a package, such as `/etc/fail2ban`. */
  path(file: string): string {
    return join(this.#directory, file)
  }

  /** How to run a program of the packages; `env` adds the paths of its libraries to the environment. */
  command(name: string): { file: string; env: NodeJS.ProcessEnv } {
    const [file] = globSync(join(this.#directory, `usr/{s,}bin/${name}`))
    const own = file ?? findProgram(name)
    if (own === undefined) throw new SetupFailure(`${name} is in none of the packages ${packages.join(', ')}`)
    return {
      file: own,
      env: {
        ...process.env,
        LD_LIBRARY_PATH: globSync(join(this.#directory, 'usr/lib/*-linux-gnu*')).join(':'),
        PYTHONPATH: join(this.#directory, 'usr/lib/python3/dist-packages'),
      },
    }
  }
}

async function unpack(making: string, progress: Progress): Promise<void> {
  if (process.getuid?.() !== 0) throw new SetupFailure('The tests of a server fetch packages by apt. Run them as root.')
  progress.note(`Unpacking ${packages.join(', ')} into ${cache}; nothing is installed`)
  const archives = join(making, 'archives')
  mkdirSync(join(archives, 'partial'), { recursive: true })
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const onLine = (line: string) => progress.step(`apt: ${line}`)
  await runCommand('apt-get', ['update', '--quiet'], { env, onLine })
  // --reinstall downloads a package that is already installed, too.
  const options = [
    '--quiet',
    '--yes',
    '--no-install-recommends',
    '--reinstall',
    '--download-only',
    '-o',
    `Dir::Cache::archives=${archives}`,
  ]
  await runCommand('apt-get', ['install', ...options, ...packages], { env, onLine })
  for (const file of readdirSync(archives)) if (file.endsWith('.deb')) execFileSync('dpkg', ['-x', join(archives, file), making])
  rmSync(archives, { recursive: true })
}
