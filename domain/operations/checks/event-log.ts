import { countTalksWithoutEvents } from '../server-status.ts'
import { fault, ok, warning, type Finding } from './finding.ts'
import type { Server } from './server.ts'
import { reopenEventLog } from './test-call.ts'

const hourMs = 3_600_000

/** Asterisk's own event log is the second source about each call. Checks that it has those of the last hour. */
export async function readPastEvents({ asterisk, db, now }: Server): Promise<Finding[]> {
  if (!(await asterisk('cel show status')).includes('ODBC CEL backend'))
    return [
      fault(
        'Asterisk writes no event log',
        'cel.conf and cel_odbc.conf as this version brings them; asterisk -rx "module load cel_odbc.so"',
      ),
    ]
  const { talks, silent } = await countTalksWithoutEvents(db, new Date(now.getTime() - hourMs), now)
  if (talks === 0) return [ok('it is written; nobody talked within the last hour')]
  if (silent === 0) return [ok(`it knows all ${talks} talks of the last hour`)]
  const says = `it knows nothing of ${silent} of the ${talks} talks of the last hour`
  return [
    silent === talks
      ? fault(says, reopenEventLog)
      : warning(says, 'was the database away for a while? The test call says whether it is written now'),
  ]
}
