import { execFileSync } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findInRoot } from '../setup/root.ts'
import type { Root } from '../setup/root.ts'

/** asterisk.conf, which mostly names directories. On a real server the Debian package provides it. */
export function asteriskConf(root: Root, directory: string): string {
  return `[directories]
astetcdir => ${directory}/etc
astmoddir => ${findInRoot(root, '/usr/lib/*/asterisk/modules', '/usr/lib/asterisk/modules', '/usr/lib64/asterisk/modules')}
astvarlibdir => ${directory}/var
astdbdir => ${directory}/var
astkeydir => ${directory}/var
astdatadir => ${directory}/data
astagidir => ${directory}/data/agi-bin
astspooldir => ${directory}/spool
astrundir => ${directory}/run
astlogdir => ${directory}/log

[options]
verbose = 3
documentation_language = en_US
live_dangerously = no
; Sound goes on towards a phone while it records or waits, or its NAT and its media time-out close the path.
transmit_silence = yes
defaultlanguage = pt_BR
`
}

/** Empties etc/ and copies every .conf file of the folders into it. */
export function copyConfiguration(etc: string, folders: readonly string[]): void {
  rmSync(etc, { recursive: true, force: true })
  mkdirSync(join(etc, 'local'), { recursive: true })
  for (const folder of folders) {
    for (const file of existsSync(folder) ? readdirSync(folder) : []) {
      if (file.endsWith('.conf')) copyFileSync(join(folder, file), join(etc, file))
    }
  }
  for (const file of unused) {
    if (!existsSync(join(etc, file))) writeFileSync(join(etc, file), '; empty\n')
  }
}

// Asterisk reads these at each start and logs an error if one is missing. A Debian package provides them.
const unused = [
  'acl.conf',
  'ccss.conf',
  'cel.conf',
  'features.conf',
  'indications.conf',
  'manager.conf',
  'pjproject.conf',
  'stasis.conf',
  'udptl.conf',
]

export function writeLocal(etc: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(etc, 'local', name), text, { mode: 0o600 })
}

/**
 * Fills the data directory: links to Asterisk's own sounds and documentation, and copies of our sounds. Ours are not added to the
 * shared sounds, because two checkouts may have different prompts.
 */
export function layData(root: Root, data: string, ours: { prompts: string; holdMusic?: string }): void {
  const shared = findInRoot(root, '/usr/share/asterisk', '/var/lib/asterisk')
  rmSync(data, { recursive: true, force: true })
  mkdirSync(join(data, 'sounds/en'), { recursive: true })
  symlinkSync(join(shared, 'documentation'), join(data, 'documentation'))
  for (const entry of englishSounds(root, join(shared, 'sounds/en'))) {
    symlinkSync(join(shared, 'sounds/en', entry), join(data, 'sounds/en', entry))
  }
  cpSync(ours.prompts, join(data, 'sounds'), { recursive: true })
  mkdirSync(join(data, 'moh'), { recursive: true })
  if (ours.holdMusic !== undefined) cpSync(ours.holdMusic, join(data, 'moh'), { recursive: true })
}

/** Runs `ls` inside the tree, because Debian's absolute links to this folder are wrong outside it. */
function englishSounds(root: Root, folder: string): string[] {
  const { file, args } = root.command('ls', [folder])
  return execFileSync(file, args, { encoding: 'utf8' })
    .split('\n')
    .filter((entry) => entry !== '')
}
