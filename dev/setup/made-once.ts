import { existsSync, renameSync, rmSync } from 'node:fs'
import { waitForLock } from './lock.ts'

/**
 * Makes a directory where it is missing: one run of the machine makes it, all others wait for it and call `onWait` once. `make` is given another
 * path, beside it, which becomes the directory when all is done; what a run that was cut short left there goes first.
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
