import { gradeDiskSpace, measureDiskSpace } from '../disk-space.ts'
import { fault, ok, type Finding } from './finding.ts'
import type { Server } from './server.ts'

const mend =
  'find what grew (du -xh --max-depth=2 /var | sort -h | tail), keep recordings for fewer days (ramal policy set <company> recording-days=<days>), or add a disk'

/** Checks the disk space for raw and stored recordings. */
export async function checkDisk({ config }: Server): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const directory of new Set([config.monitorDir, config.storageDir])) {
    const space = await measureDiskSpace(directory)
    if (!space) {
      findings.push(fault(`${directory} does not exist, so calls are not recorded`, 'systemd-tmpfiles --create /etc/tmpfiles.d/ramal.conf'))
      continue
    }
    const share = space.freeBytes / space.bytes
    const says = `${(space.freeBytes / 1024 ** 3).toFixed(1)} GiB (${Math.floor(share * 100)} %) are free at ${directory}`
    const level = gradeDiskSpace(space)
    findings.push(level === 'ok' ? ok(says) : { level, says, mend })
  }
  return findings
}
