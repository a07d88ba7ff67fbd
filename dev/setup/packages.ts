import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { SetupFailure } from './failure.ts'
import type { Progress } from './progress.ts'
import { runCommand } from './run-command.ts'

/** Programs that the stack needs on the machine itself, with their Debian packages. None is a daemon. */
const packageOf: Record<string, string> = {
  debootstrap: 'debootstrap',
  ffmpeg: 'ffmpeg',
  'espeak-ng': 'espeak-ng',
  setpriv: 'util-linux',
  chromium: 'chromium',
  'firefox-esr': 'firefox-esr',
  sipp: 'sip-tester',
  openssl: 'openssl',
  'systemd-analyze': 'systemd',
  'systemd-nspawn': 'systemd-container',
  shellcheck: 'shellcheck',
}

export type HostProgram =
  | 'debootstrap'
  | 'ffmpeg'
  | 'espeak-ng'
  | 'setpriv'
  | 'chromium'
  | 'firefox-esr'
  | 'sipp'
  | 'openssl'
  | 'systemd-analyze'
  | 'systemd-nspawn'
  | 'shellcheck'

/** Installs the missing programs. Does not run apt if all are installed. */
export async function installHostPrograms(programs: readonly HostProgram[], progress: Progress): Promise<void> {
  const missing = programs.filter((program) => findProgram(program) === undefined)
  if (missing.length === 0) return
  const packages = missing.map((program) => packageOf[program]!)
  const byHand = `Install ${packages.join(', ')} and try again.`
  if (findProgram('apt-get') === undefined) {
    throw new SetupFailure(`Missing: ${missing.join(', ')}. The set-up installs them by apt, which this machine does not have. ${byHand}`)
  }
  if (process.getuid?.() !== 0) {
    throw new SetupFailure(
      `Missing: ${missing.join(', ')}. Only root may install them: run this as root, or: apt-get install ${packages.join(' ')}`,
    )
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const onLine = (line: string) => progress.step(`apt: ${line}`)
  progress.note(`Installing ${packages.join(', ')} by apt`)
  await runCommand('apt-get', ['update', '--quiet'], { env, onLine })
  await runCommand('apt-get', ['install', '--quiet', '--yes', '--no-install-recommends', ...packages], { env, onLine })
}

export function findProgram(name: string): string | undefined {
  // Debian's daemons are in /usr/sbin, which is not in the PATH of an ordinary user.
  for (const directory of [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/local/sbin']) {
    try {
      accessSync(join(directory, name), constants.X_OK)
      return join(directory, name)
    } catch {
      continue
    }
  }
  return undefined
}
