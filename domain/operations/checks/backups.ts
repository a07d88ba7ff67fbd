import { stat } from 'node:fs/promises'
import { lastGoodBackup, oldestGoodMs } from '../backup/backup.ts'
import { fault, ok, warning, type Finding } from './finding.ts'
import type { Server } from './server.ts'

const hourMs = 3_600_000

/** Checks that last night's backup exists, and is on another disk. */
export async function checkBackups({ config, now }: Server): Promise<Finding[]> {
  const { repository, stateDir } = config.backup
  const findings: Finding[] = []
  const last = await lastGoodBackup(stateDir)
  if (last === null) findings.push(warning('no backup exists yet', 'systemctl start ramal-backup; if it fails: journalctl -u ramal-backup'))
  else {
    const ageMs = now.getTime() - last.getTime()
    const says = `the last good backup is ${Math.round(ageMs / hourMs)} h old`
    findings.push(
      ageMs > oldestGoodMs
        ? fault(says, 'journalctl -u ramal-backup shows why later ones failed; then: systemctl start ramal-backup')
        : ok(says),
    )
  }
  const device = await deviceOf(config.storageDir)
  if (device !== null && device === (await deviceOf(repository)))
    findings.push(
      warning(
        'backups are on the same disk as the recordings: if it fails, both are lost',
        'set RAMAL_BACKUP_REPOSITORY in ramal.env to another machine or a bucket: docs/recover.md',
      ),
    )
  return findings
}

async function deviceOf(path: string): Promise<number | null> {
  return (await stat(path).catch(() => null))?.dev ?? null
}
