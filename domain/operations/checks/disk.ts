import { gradeDiskSpace, measureDiskSpace } from '../disk-space.ts'
import { fault, ok, type Finding } from './finding.ts'
import type { Server } from './server.ts'

const mend = 'find what grew (du -x / | sort -n | tail), shorten how long recordings are kept, or add a disk'

/** Checks the disk space for raw and stored recordings. */
export async function measureDisk({ config }: Server): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const directory of new Set([config.monitorDir, config.storageDir])) {
    const room = await measureDiskSpace(directory)
    if (!room) {
      findings.push(
        fault(`${directory} is not there: calls go on without recording`, 'systemd-tmpfiles --create /etc/tmpfiles.d/ramal.conf'),
      )
      continue
    }
    const share = room.freeBytes / room.bytes
    const says = `${(room.freeBytes / 1024 ** 3).toFixed(1)} GiB (${Math.floor(share * 100)} %) are free at ${directory}`
    const level = gradeDiskSpace(room)
    findings.push(level === 'ok' ? ok(says) : { level, says, mend })
  }
  return findings
}
