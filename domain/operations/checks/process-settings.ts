import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'

export const processNames = ['fastagi', 'web', 'worker'] as const
export type ProcessName = (typeof processNames)[number]

/** The file that systemd reads the settings of a process from. */
export function settingsFile(settingsDir: string, name: ProcessName | 'ramal'): string {
  return join(settingsDir, `${name}.env`)
}

/** What a process is told; null where its file is not there. */
export async function processSettings(settingsDir: string, name: ProcessName): Promise<NodeJS.ProcessEnv | null> {
  return readFile(settingsFile(settingsDir, name), 'utf8').then(parseEnv, (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
}

/** The settings that this version knows of a file: those that its template names. */
export async function knownSettings(name: ProcessName | 'ramal'): Promise<Set<string>> {
  const template = await readFile(new URL(`../../../systemd/${name}.env`, import.meta.url), 'utf8')
  return new Set(template.match(/RAMAL_[A-Z_]+(?==)/g))
}
