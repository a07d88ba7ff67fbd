import type { Database } from '../../database/pool.ts'
import { inTransaction } from '../../database/transaction.ts'
import type { Outcome } from '../../telephony/hangup-causes.ts'
import { lockReportedCall } from '../call.ts'
import { closeCall } from '../end.ts'

/**
 * The agent did not answer the call file. Busy and rejected (cause 21): the phone declined. Everything else: it did not
 * answer, or was not registered. The lead was not dialled, and nothing is charged.
 */
export async function markUnreachable(
  db: Database,
  callId: string,
  end: { dialStatus: string; cause: number },
  now: Date,
): Promise<{ tenantId: number | null }> {
  const outcome: Outcome = end.dialStatus === 'BUSY' || end.cause === 21 ? 'agent-declined' : 'agent-unreachable'
  return inTransaction(db, async (trx) => {
    const locked = await lockReportedCall(trx, callId)
    if (locked?.call.state === 'requested') {
      await closeCall(trx, locked, { state: 'unreachable', outcome, talkedSeconds: 0, hungUpBy: null, report: null }, now)
    }
    return { tenantId: locked?.tenant.id ?? null }
  })
}
