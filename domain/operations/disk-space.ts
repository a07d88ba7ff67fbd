import { statfs } from 'node:fs/promises'

export interface DiskSpace {
  bytes: number
  freeBytes: number
}

/** Below this a server is in danger: the database stops when the disk is full. */
const faultBelowBytes = 1024 ** 3
const warningBelowShare = 0.1

/** Grades free disk space. */
export function gradeDiskSpace({ bytes, freeBytes }: DiskSpace): 'ok' | 'warning' | 'fault' {
  if (freeBytes < faultBelowBytes) return 'fault'
  return freeBytes / bytes < warningBelowShare ? 'warning' : 'ok'
}

/** The size of a file system and its free space for users other than root; null if the directory does not exist. */
export async function measureDiskSpace(directory: string): Promise<DiskSpace | null> {
  return statfs(directory).then(
    ({ blocks, bavail, bsize }) => ({ bytes: blocks * bsize, freeBytes: bavail * bsize }),
    () => null,
  )
}
