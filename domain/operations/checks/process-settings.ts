import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'

export const processNames = ['fastagi', 'web', 'worker'] as const
export type ProcessName = (typeof processNames)[number]

/** The file with the environment of a process, which systemd reads. */
export function settingsFile(settingsDir: string, name: ProcessName | 'ramal'): string {
  return join(settingsDir, `${name}.env`)
}

/** The settings of a process; null if its file does not exist. */
export async function processSettings(settingsDir: string, name: ProcessName): Promise<NodeJS.ProcessEnv | null> {
  return readFile(settingsFile(settingsDir, name), 'utf8').then(parseEnv, (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
}

/** The settings that this version knows in a file: those in its template. */
export async function knownSettings(name: ProcessName | 'ramal'): Promise<Set<string>> {
  const template = await readFile(new URL(`../../../systemd/${name}.env`, import.meta.url), 'utf8')
  return new Set(template.match(/RAMAL_[A-Z_]+(?==)/g))
}
