import { askAsterisk } from './asterisk.ts'
import { compareAsteriskFiles } from './asterisk-files.ts'
import { lookAtBackups } from './backups.ts'
import { knockAtBrowserDoor } from './browser-door.ts'
import { askBucket } from './bucket.ts'
import { compareClocks } from './clock.ts'
import { askDatabase } from './database.ts'
import { compareDatabaseRights } from './database-rights.ts'
import { measureDisk } from './disk.ts'
import { lookForOpenDoors } from './exposure.ts'
import { checkFileRights } from './file-rights.ts'
import { Away, fault, type Finding } from './finding.ts'
import { readPastEvents } from './event-log.ts'
import { compareBans } from './fail2ban.ts'
import { lookAtFirewall } from './firewall.ts'
import { lookAtNginx } from './nginx.ts'
import { askOdbc } from './odbc.ts'
import { askProcesses } from './processes.ts'
import { lookAtRecordings } from './recordings.ts'
import type { Server } from './server.ts'
import { compareSettings } from './settings.ts'
import { lookIntoSpool } from './spool.ts'
import { callTheEcho } from './test-call.ts'
import { listTransports } from './transports.ts'
import { askTrunks } from './trunks.ts'
import { askTurn } from './turn.ts'

interface Check {
  part: string
  /** Parts that this check depends on. */
  needs?: readonly string[]
  look: (server: Server) => Promise<Finding[]>
}

const checks: readonly Check[] = [
  { part: 'settings', look: compareSettings },
  { part: 'database', look: askDatabase },
  { part: 'database rights', needs: ['database'], look: compareDatabaseRights },
  { part: 'file rights', look: checkFileRights },
  { part: 'asterisk', look: askAsterisk },
  { part: 'asterisk files', look: compareAsteriskFiles },
  { part: 'odbc', needs: ['database', 'asterisk'], look: askOdbc },
  { part: 'processes', look: askProcesses },
  { part: 'transports', needs: ['asterisk'], look: listTransports },
  { part: 'nginx', look: lookAtNginx },
  { part: 'browser door', look: knockAtBrowserDoor },
  { part: 'turn', look: askTurn },
  { part: 'open doors', needs: ['asterisk'], look: lookForOpenDoors },
  { part: 'firewall', look: lookAtFirewall },
  { part: 'fail2ban', look: compareBans },
  { part: 'trunks', needs: ['database', 'asterisk'], look: askTrunks },
  { part: 'disk', look: measureDisk },
  { part: 'recordings', needs: ['database'], look: lookAtRecordings },
  { part: 'bucket', needs: ['database'], look: askBucket },
  { part: 'backups', look: lookAtBackups },
  { part: 'clock', needs: ['database'], look: compareClocks },
  { part: 'spool', look: lookIntoSpool },
  { part: 'event log', needs: ['database', 'asterisk'], look: readPastEvents },
  { part: 'test call', needs: ['asterisk'], look: callTheEcho },
]

export const parts: readonly string[] = checks.map(({ part }) => part)

/** A finding, and the part of the server that it concerns. */
export type PartFinding = Finding & { part: string }

/**
 * Checks one part of the server after the other and yields each finding at once. Changes nothing, apart from one call that
 * Asterisk makes to itself. A check that throws counts as a fault.
 */
export async function* checkServer(server: Server, wanted: readonly string[] = parts): AsyncGenerator<PartFinding> {
  /** Parts that did not answer. */
  const away = new Set<string>()
  for (const { part, needs = [], look } of checks) {
    if (!wanted.includes(part)) continue
    // That part reports its own fault, once.
    if (needs.some((need) => away.has(need))) continue
    try {
      for (const finding of await look(server)) yield { part, ...finding }
    } catch (error) {
      away.add(part)
      yield {
        part,
        ...(error instanceof Away ? error.finding : fault(`it could not be looked at: ${(error as Error).message}`, mendUnknown)),
      }
    }
  }
}

const mendUnknown = 'this is more likely a fault of the check than of the server: please report it'
