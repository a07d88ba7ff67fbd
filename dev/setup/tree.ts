import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { cache, shortHash } from './cache.ts'
import { SetupFailure } from './failure.ts'
import { madeOnce } from './made-once.ts'
import { installHostPrograms } from './packages.ts'
import type { Progress } from './progress.ts'
import { treeRoot } from './root.ts'
import type { Root } from './root.ts'
import { runCommand } from './run-command.ts'

// Debian 12 and 13 have no Asterisk package; forky has one. MariaDB's -core packages are the programs without the service.
const suite = 'forky'
const packages = [
  'asterisk',
  'asterisk-modules',
  'asterisk-core-sounds-en',
  'odbc-mariadb',
  'ca-certificates',
  'mariadb-server-core',
  'mariadb-client-core',
]
const mirror = process.env['RAMAL_DEBIAN_MIRROR'] ?? 'http://deb.debian.org/debian'

/** The directory of the tree. The name depends on the contents, so an older checkout keeps its own tree. */
export const treeDirectory = join(cache, `tree-${shortHash([suite, ...packages].join(' '))}`)

/** Returns the private Debian tree; makes it if it is missing (about a minute, 600 MB). */
export async function ensureTree(progress: Progress): Promise<Root> {
  if (process.getuid?.() !== 0) {
    throw new SetupFailure(
      'The private Debian tree needs root (debootstrap, chroot). Run this as root, or install asterisk (20 or newer), odbc-mariadb and mariadb-server on this machine.',
    )
  }
  const onWait = () => progress.note('Another run is making the private Debian tree; waiting for it')
  await madeOnce(treeDirectory, onWait, (making) => makeTree(making, progress))
  refreshHosts()
  return treeRoot(treeDirectory)
}

async function makeTree(making: string, progress: Progress): Promise<void> {
  await installHostPrograms(['debootstrap'], progress)
  progress.note(`Making a private Debian tree with Asterisk and MariaDB in ${treeDirectory} (about a minute, once)`)
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'
  await runCommand(
    'debootstrap',
    [
      '--variant=minbase',
      `--include=${packages.join(',')}`,
      ...(existsSync(keyring) ? [`--keyring=${keyring}`] : []),
      suite,
      making,
      mirror,
      // An older debootstrap has no script for forky; all Debian suites use this one.
      '/usr/share/debootstrap/scripts/sid',
    ],
    { onLine: (line) => progress.step(`tree: ${line.replace(/^[IW]: /, '')}`) },
  )
  rmSync(join(making, 'var/cache/apt'), { recursive: true, force: true })
  progress.note('The private tree is ready')
}

/** Asterisk looks up the machine's name for every RTP port; if the tree's hosts file lacks the name, each look-up waits and fails. */
function refreshHosts(): void {
  mkdirSync(join(treeDirectory, 'etc'), { recursive: true })
  copyFileSync('/etc/hosts', join(treeDirectory, 'etc/hosts'))
}
