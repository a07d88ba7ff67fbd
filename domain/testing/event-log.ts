import { eventTime } from '../calls/reconcile/channel-event-log.ts'
import type { Database } from '../database/pool.ts'

/** Writes Asterisk's events of the lead's leg: answer and hang-up. */
export async function logsLeadLeg(
  db: Database,
  callId: string,
  { answeredAt, endedAt }: { answeredAt: Date; endedAt: Date },
): Promise<void> {
  const uniqueid = `lead-${callId}`
  const leg = { uniqueid, linkedid: uniqueid, channame: 'PJSIP/carrier-a-0000001b' }
  await db
    .insertInto('cel')
    .values([
      { ...leg, eventtype: 'ANSWER', eventtime: eventTime(answeredAt), userfield: '' },
      { ...leg, eventtype: 'HANGUP', eventtime: eventTime(endedAt), userfield: callId },
    ])
    .execute()
}

/**
 * Writes the end of a leg without a call id: the agent's leg of an authorised call, or the leg of a lead without a meter. The end
 * began at `begunAt`, when the hangup handler waited.
 */
export async function logsHangup(db: Database, uniqueId: string, at: Date, begunAt?: Date): Promise<void> {
  await db
    .insertInto('cel')
    .values({
      eventtype: 'HANGUP',
      eventtime: eventTime(at),
      uniqueid: uniqueId,
      linkedid: uniqueId,
      userfield: '',
      channame: 'PJSIP/x-0000001a',
      accountcode: begunAt ? String(begunAt.getTime()) : '',
    })
    .execute()
}
