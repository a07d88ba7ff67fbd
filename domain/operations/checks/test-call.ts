import { setTimeout as pause } from 'node:timers/promises'
import { newCallId } from '../../telephony/call-id.ts'
import { withdrawTestCallFile, writeTestCallFile } from '../../telephony/call-files.ts'
import { isReachable } from '../../database/reachable.ts'
import { fault, ok, type Finding } from './finding.ts'
import type { Server } from './server.ts'

const startsWithinMs = 5000
const heardWithinMs = 15_000
const writtenWithinMs = 5000
const pollMs = 250

/** Tests the path of every click without a phone or carrier: a call file, the dialplan, the beep of the echo, and the event log. */
export async function checkTestCall({ asterisk, config, db }: Server): Promise<Finding[]> {
  const id = newCallId()
  try {
    await writeTestCallFile(config.spoolDir, id)
  } catch (error) {
    return [fault(`the call file cannot be written: ${(error as Error).message}`, 'ramal check spool')]
  }
  const state = async () => new RegExp(`RAMAL_TEST_CALL=${id} (begun|heard|silent)`).exec(await asterisk('dialplan show globals'))?.[1]
  if (!(await within(startsWithinMs, state)) && (await withdrawTestCallFile(config.spoolDir, id)))
    return [
      fault(
        `Asterisk did not take the call file from ${config.spoolDir}/outgoing, so clicks do not become calls`,
        'asterisk -rx "module load pbx_spool.so"; RAMAL_SPOOL_DIR must be the astspooldir of asterisk.conf',
      ),
    ]
  const result = await within(heardWithinMs, async () => {
    const now = await state()
    return now === 'begun' ? undefined : now
  })
  if (result === 'heard') {
    const written = async () =>
      (await db.selectFrom('cel').select('id').where('userfield', '=', id).where('eventtype', '=', 'HANGUP').executeTakeFirst()) && true
    // The database has its own check.
    if (!(await isReachable(db, 1000))) return [ok('the test call had sound')]
    if (await within(writtenWithinMs, written)) return [ok('the test call had sound, and its end is in the event log')]
    return [fault('the test call had sound, but its end is not in the event log: Asterisk does not write the log', reopenEventLog)]
  }
  return [
    fault(
      result === 'silent'
        ? 'the test call was connected, but had no sound: calls of agents can be silent too'
        : 'the test call was not connected: calls of agents can fail too',
      'look for "echo-test" and "control" in the log of Asterisk, and compare dialplan/control.conf with: asterisk -rx "dialplan show control"',
    ),
  ]
}

/** cel_odbc looks for its table only when it is loaded or reloaded. */
export const reopenEventLog =
  'asterisk -rx "module reload cel_odbc.so" (ramal-watch does this when the database returns: journalctl -u ramal-watch); if that does not help, read the log of Asterisk'

async function within<T>(ms: number, ask: () => Promise<T | undefined>): Promise<T | undefined> {
  const until = performance.now() + ms
  for (;;) {
    const answer = await ask()
    if (answer !== undefined || performance.now() > until) return answer
    await pause(pollMs)
  }
}
