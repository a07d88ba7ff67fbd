import type { Database, Trx } from '../../database/pool.ts'
import type { Call } from '../call.ts'
import { isMoved } from '../transfers/open-transfers.ts'

/**
 * Open calls that ended before `before` according to Asterisk's event log: the leg of the lead who answered, or the agent's leg,
 * hung up.
 */
export async function findEndedByEventLog(db: Database, before: Date): Promise<string[]> {
  const hangups = db
    .selectFrom('calls')
    .innerJoin('cel', (join) => join.on('cel.eventtype', '=', 'HANGUP'))
    .select('calls.id')
    .where('cel.eventtime', '<', eventTime(before))
  const rows = await hangups
    .whereRef('cel.userfield', '=', 'calls.id')
    .where('calls.state', '=', 'answered')
    .union(hangups.whereRef('cel.uniqueid', '=', 'calls.unique_id').where('calls.state', 'in', ['authorized', 'answered']))
    .limit(500)
    .execute()
  return rows.map((row) => row.id)
}

/** `answeredAt` is null if the log has only the end of the agent's leg. */
export interface LoggedTalk {
  answeredAt: Date | null
  endedAt: Date
  /** The lead answered, and the dialplan hung up because it did not receive our reply. */
  unmetered: boolean
}

/**
 * When the lead answered and when the call ended, by one clock. Null if the log does not say: the database was down, or
 * Asterisk was killed.
 */
export async function readEventLog(trx: Trx, call: Call): Promise<LoggedTalk | null> {
  const lead = await trx
    .selectFrom('cel as hangup')
    .leftJoin('cel as answer', (join) => join.onRef('answer.uniqueid', '=', 'hangup.uniqueid').on('answer.eventtype', '=', 'ANSWER'))
    .select(['answer.eventtime as answered', 'hangup.eventtime', 'hangup.accountcode'])
    .where('hangup.userfield', '=', call.id)
    .where('hangup.eventtype', '=', 'HANGUP')
    .orderBy('hangup.id')
    .executeTakeFirst()
  if (lead) {
    const answeredAt = lead.answered === null ? null : parseEventTime(lead.answered)
    return { answeredAt, endedAt: endOf(lead), unmetered: false }
  }
  // We stored the lead's leg with the answer. In the log it carries the call id only if the call is metered
  // (dialplan/lead-leg.conf). A transferred call was metered.
  const unmeteredAt = isMoved(call) ? null : await hangupOf(trx, call.lead_unique_id)
  if (unmeteredAt) return { answeredAt: null, endedAt: unmeteredAt, unmetered: true }
  const endedAt = await hangupOf(trx, call.unique_id)
  return endedAt && { answeredAt: null, endedAt, unmetered: false }
}

async function hangupOf(trx: Trx, uniqueId: string | null): Promise<Date | null> {
  if (uniqueId === null) return null
  const hangup = await trx
    .selectFrom('cel')
    .select(['eventtime', 'accountcode'])
    .where('uniqueid', '=', uniqueId)
    .where('eventtype', '=', 'HANGUP')
    .orderBy('id')
    .executeTakeFirst()
  return hangup ? endOf(hangup) : null
}

/** The hangup handler waits three seconds, or longer while Asterisk is stopped. A longer wait means that the wall clock was set. */
const longestHandlerMs = 60_000

/** Asterisk logs a hang-up after the channel's hangup handler, with the time at which the handler started (dialplan/report.conf). */
function endOf({ eventtime, accountcode }: { eventtime: string; accountcode: string }): Date {
  const noted = parseEventTime(eventtime)
  const begun = new Date(Number(accountcode || NaN))
  const waitedMs = noted.getTime() - begun.getTime()
  return waitedMs >= 0 && waitedMs <= longestHandlerMs ? begun : noted
}

/** Deletes events before `before`: only open calls need the log. */
export async function forgetEvents(db: Database, before: Date): Promise<void> {
  await db.deleteFrom('cel').where('eventtime', '<', eventTime(before)).limit(50_000).execute()
}

/** The format of cel_odbc: text that sorts by time. */
export function eventTime(at: Date): string {
  return at.toISOString().replace('T', ' ').replace('Z', '')
}

function parseEventTime(text: string): Date {
  return new Date(`${text.replace(' ', 'T')}Z`)
}
