import { existsSync, renameSync, rmSync } from 'node:fs'
import { waitForLock } from './lock.ts'

/**
 * Makes a directory if it is missing. One process makes it; others wait and call `onWait` once. `make` fills a directory beside it,
 * which is renamed when complete; the remains of an interrupted run are deleted first.
 */
export async function madeOnce(directory: string, onWait: () => void, make: (making: string) => Promise<void>): Promise<void> {
  if (existsSync(directory)) return
  const lock = await waitForLock(directory, onWait)
  try {
    if (existsSync(directory)) return
    const making = `${directory}-making`
    rmSync(making, { recursive: true, force: true })
    await make(making)
    renameSync(making, directory)
  } finally {
    lock.release()
  }
}
