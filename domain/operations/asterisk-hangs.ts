import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** When the watch (systemd/programs/ramal-watch) restarted an Asterisk that did not answer any more, oldest first. */
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
