import { execFileSync } from 'node:child_process'
import { findProgram } from './packages.ts'
import type { Progress } from './progress.ts'
import { hostRoot, isInRoot } from './root.ts'
import type { Root } from './root.ts'
import { ensureTree } from './tree.ts'

export type Roots = { asterisk: Root; mariadb: Root }

const oldestAsterisk = 20

/** The machine's own programs if they are recent enough, otherwise those of the private tree. Running daemons are not touched. */
export async function ensureRoots(progress: Progress): Promise<Roots> {
  const hostAsterisk = hostHasAsterisk()
  if (hostAsterisk && findProgram('mariadbd') !== undefined) return { asterisk: hostRoot, mariadb: hostRoot }
  const tree = await ensureTree(progress)
  return { asterisk: hostAsterisk ? hostRoot : tree, mariadb: tree }
}

function hostHasAsterisk(): boolean {
  const asterisk = findProgram('asterisk')
  if (asterisk === undefined || !isInRoot(hostRoot, ...odbcDrivers)) return false
  const version = execFileSync(asterisk, ['-V'], { encoding: 'utf8' })
  return Number(/^Asterisk (?:certified\/)?(\d+)/.exec(version)?.[1] ?? 0) >= oldestAsterisk
}

/** Possible paths of MariaDB's ODBC driver. */
export const odbcDrivers = ['/usr/lib/*/odbc/libmaodbc.so', '/usr/lib/*/libmaodbc.so', '/usr/lib64/libmaodbc.so']
