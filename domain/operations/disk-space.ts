import { statfs } from 'node:fs/promises'

export interface DiskSpace {
  bytes: number
  freeBytes: number
}

/** Below this a server is in danger: the database stops at the last byte. */
const faultBelowBytes = 1024 ** 3
const warningBelowShare = 0.1

/** Whether a server can go on with so much room. */
export function gradeDiskSpace({ bytes, freeBytes }: DiskSpace): 'ok' | 'warning' | 'fault' {
  if (freeBytes < faultBelowBytes) return 'fault'
  return freeBytes / bytes < warningBelowShare ? 'warning' : 'ok'
}

/** What a file system has, and what of it is free for others than root; null where the directory is not there. */
export async function measureDiskSpace(directory: string): Promise<DiskSpace | null> {
  return statfs(directory).then(
    ({ blocks, bavail, bsize }) => ({ bytes: blocks * bsize, freeBytes: bavail * bsize }),
    () => null,
  )
}
