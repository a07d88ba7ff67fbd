import { setTimeout as pause } from 'node:timers/promises'
import { newCallId } from '../../telephony/call-id.ts'
import { withdrawTestCallFile, writeTestCallFile } from '../../telephony/call-files.ts'
import { isReachable } from '../../database/reachable.ts'
import { fault, ok, type Finding } from './finding.ts'
import type { Server } from './server.ts'

const beginsWithinMs = 5000
const heardWithinMs = 15_000
const writtenWithinMs = 5000
const lookAgainMs = 250

/** Tests the path of every click without a phone or carrier: a call file, the dialplan, the beep of the echo, and the event log. */
export async function callTheEcho({ asterisk, config, db }: Server): Promise<Finding[]> {
  const id = newCallId()
  try {
    await writeTestCallFile(config.spoolDir, id)
  } catch (error) {
    return [fault(`a call file could not be written: ${(error as Error).message}`, 'see what is said of the spool')]
  }
  const state = async () => new RegExp(`RAMAL_TEST_CALL=${id} (begun|heard|silent)`).exec(await asterisk('dialplan show globals'))?.[1]
  if (!(await within(beginsWithinMs, state)) && (await withdrawTestCallFile(config.spoolDir, id)))
    return [
      fault(
        `Asterisk did not take the call file from ${config.spoolDir}/outgoing`,
        'asterisk -rx "module load pbx_spool.so"; RAMAL_SPOOL_DIR must be the astspooldir of asterisk.conf',
      ),
    ]
  const heard = await within(heardWithinMs, async () => {
    const now = await state()
    return now === 'begun' ? undefined : now
  })
  if (heard === 'heard') {
    const written = async () =>
      (await db.selectFrom('cel').select('id').where('userfield', '=', id).where('eventtype', '=', 'HANGUP').executeTakeFirst()) && true
    // The database has its own check.
    if (!(await isReachable(db, 1000))) return [ok('a call to the echo was heard')]
    if (await within(writtenWithinMs, written)) return [ok('a call to the echo was heard, and its end is in the event log')]
    return [fault('a call to the echo was heard, and Asterisk’s event log has nothing of it: it writes nothing down', reopenEventLog)]
  }
  return [
    fault(
      heard === 'silent' ? 'a call to the echo came about, and nothing was heard' : 'the call to the echo never came about',
      'look for "echo-test" and "control" in the log of Asterisk; compare dialplan/*.conf with what it runs: asterisk -rx "dialplan show control"',
    ),
  ]
}

/** cel_odbc looks for its table only when it is loaded or reloaded. */
export const reopenEventLog =
  'asterisk -rx "module reload cel_odbc.so", which ramal-watch does when the database comes back (journalctl -u ramal-watch); then the log of Asterisk'

async function within<T>(ms: number, ask: () => Promise<T | undefined>): Promise<T | undefined> {
  const until = performance.now() + ms
  for (;;) {
    const answer = await ask()
    if (answer !== undefined || performance.now() > until) return answer
    await pause(lookAgainMs)
  }
}
