import { checkAsterisk } from './asterisk.ts'
import { checkAsteriskFiles } from './asterisk-files.ts'
import { checkBackups } from './backups.ts'
import { checkBrowserDoor } from './browser-door.ts'
import { checkBucket } from './bucket.ts'
import { checkClock } from './clock.ts'
import { checkDatabase } from './database.ts'
import { checkDatabaseRights } from './database-rights.ts'
import { checkDisk } from './disk.ts'
import { checkOpenDoors } from './open-doors.ts'
import { checkFileRights } from './file-rights.ts'
import { Unavailable, fault, type Finding } from './finding.ts'
import { checkEventLog } from './event-log.ts'
import { checkFail2ban } from './fail2ban.ts'
import { checkFirewall } from './firewall.ts'
import { checkNginx } from './nginx.ts'
import { checkOdbc } from './odbc.ts'
import { checkProcesses } from './processes.ts'
import { checkRecordings } from './recordings.ts'
import type { Server } from './server.ts'
import { checkSettings } from './settings.ts'
import { checkSpool } from './spool.ts'
import { checkTestCall } from './test-call.ts'
import { checkTransports } from './transports.ts'
import { checkTrunks } from './trunks.ts'
import { checkTurn } from './turn.ts'

interface Check {
  part: string
  /** Parts that this check depends on. */
  needs?: readonly string[]
  run: (server: Server) => Promise<Finding[]>
}

const checks: readonly Check[] = [
  { part: 'settings', run: checkSettings },
  { part: 'database', run: checkDatabase },
  { part: 'database rights', needs: ['database'], run: checkDatabaseRights },
  { part: 'file rights', run: checkFileRights },
  { part: 'asterisk', run: checkAsterisk },
  { part: 'asterisk files', run: checkAsteriskFiles },
  { part: 'odbc', needs: ['database', 'asterisk'], run: checkOdbc },
  { part: 'processes', run: checkProcesses },
  { part: 'transports', needs: ['asterisk'], run: checkTransports },
  { part: 'nginx', run: checkNginx },
  { part: 'browser door', run: checkBrowserDoor },
  { part: 'turn', run: checkTurn },
  { part: 'open doors', needs: ['asterisk'], run: checkOpenDoors },
  { part: 'firewall', run: checkFirewall },
  { part: 'fail2ban', run: checkFail2ban },
  { part: 'trunks', needs: ['database', 'asterisk'], run: checkTrunks },
  { part: 'disk', run: checkDisk },
  { part: 'recordings', needs: ['database'], run: checkRecordings },
  { part: 'bucket', needs: ['database'], run: checkBucket },
  { part: 'backups', run: checkBackups },
  { part: 'clock', needs: ['database'], run: checkClock },
  { part: 'spool', run: checkSpool },
  { part: 'event log', needs: ['database', 'asterisk'], run: checkEventLog },
  { part: 'test call', needs: ['asterisk'], run: checkTestCall },
]

export const parts: readonly string[] = checks.map(({ part }) => part)

/** A finding, and the part of the server that it concerns. */
export type PartFinding = Finding & { part: string }

/**
 * Checks one part of the server after the other and yields each finding at once. Changes nothing, but places one call from
 * Asterisk to itself. A check that throws counts as a fault.
 */
export async function* checkServer(server: Server, wanted: readonly string[] = parts): AsyncGenerator<PartFinding> {
  /** Parts that did not answer. */
  const unavailable = new Set<string>()
  for (const { part, needs = [], run } of checks) {
    if (!wanted.includes(part)) continue
    // The part that does not answer has reported its fault already.
    if (needs.some((need) => unavailable.has(need))) continue
    try {
      for (const finding of await run(server)) yield { part, ...finding }
    } catch (error) {
      unavailable.add(part)
      yield {
        part,
        ...(error instanceof Unavailable ? error.finding : fault(`the check itself failed: ${(error as Error).message}`, mendUnknown)),
      }
    }
  }
}

const mendUnknown = 'this is probably a fault of the check and not of the server: report it to the authors'
