import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** When ramal-watch (systemd/programs) restarted an Asterisk that no longer answered, oldest first. */
export async function readAsteriskHangs(watchStateDir: string): Promise<Date[]> {
  const text = await readFile(join(watchStateDir, 'hangs'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  return text
    .split('\n')
    .map((line) => new Date(line))
    .filter((at) => !Number.isNaN(at.getTime()))
}
