import { statfs } from 'node:fs/promises'

/** What a file system has, and what of it is free for others than root; null where the directory is not there. */
export async function measureRoom(directory: string): Promise<{ bytes: number; freeBytes: number } | null> {
  return statfs(directory).then(
    ({ blocks, bavail, bsize }) => ({ bytes: blocks * bsize, freeBytes: bavail * bsize }),
    () => null,
  )
}
