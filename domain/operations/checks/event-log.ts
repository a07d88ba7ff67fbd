import { countTalksWithoutEvents } from '../server-status.ts'
import { fault, ok, warning, type Finding } from './finding.ts'
import type { Server } from './server.ts'
import { reopenEventLog } from './test-call.ts'

const hourMs = 3_600_000

/** Asterisk's event log is the second source about each call. Checks that it has the calls of the last hour. */
export async function checkEventLog({ asterisk, db, now }: Server): Promise<Finding[]> {
  if (!(await asterisk('cel show status')).includes('ODBC CEL backend'))
    return [
      fault(
        'Asterisk writes no event log: if a report is lost, the call is charged only up to its last renewal',
        'use cel.conf and cel_odbc.conf of this version, then: asterisk -rx "module load cel_odbc.so"',
      ),
    ]
  const { talks, silent } = await countTalksWithoutEvents(db, new Date(now.getTime() - hourMs), now)
  if (talks === 0) return [ok('Asterisk writes it; the last hour had no talk')]
  if (silent === 0) return [ok(`it has all ${talks} talks of the last hour`)]
  const says = `it lacks ${silent} of the ${talks} talks of the last hour: if their reports are lost too, they are charged only up to the last renewal`
  return [
    silent === talks
      ? fault(says, reopenEventLog)
      : warning(says, 'the database may have been down; this shows whether Asterisk writes the log now: ramal check test-call'),
  ]
}
