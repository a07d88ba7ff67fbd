import { requestLifetimeMs } from '../../calls/outgoing/authorize.ts'
import {
  failRequest,
  findOverdueCalls,
  findSilentCalls,
  findWaitingRequests,
  markCutFromOutside,
  settleLostCall,
  settleUnreportedCall,
} from '../../calls/reconcile/unreported-calls.ts'
import { reportGraceMs } from '../../balance/lease-timing.ts'
import { startMonth } from '../../balance/monthly-allowance.ts'
import { earlier, type Moment } from '../../runtime/clock.ts'
import { performAtOnce } from './perform.ts'
import { momentOf, type History } from './state.ts'

/** One round of the worker's jobs, for the calls of this history only: other histories share the database. */
export async function settleAsTheWorkerDoes({ db, calls }: History, at: Moment): Promise<void> {
  const own = new Set(calls.map(({ id }) => id))
  for (const { callId, requestedAt } of await findWaitingRequests(db)) {
    if (own.has(callId) && at.now.getTime() - requestedAt.getTime() > requestLifetimeMs) await failRequest(db, callId, at.now)
  }
  for (const { callId } of await findOverdueCalls(db, at)) if (own.has(callId)) await markCutFromOutside(db, callId, 0, at)
  for (const { callId } of await findOverdueCalls(db, earlier(at, reportGraceMs))) if (own.has(callId)) await settleLostCall(db, callId, at)
  // No lease ends a call that takes no minutes: after half a day without a renewal, Asterisk says it is gone.
  for (const { callId } of await findSilentCalls(db, earlier(at, dayMs / 2)))
    if (own.has(callId)) await settleUnreportedCall(db, callId, at)
}

const dayMs = 86_400_000

/**
 * Long after the last step: two workers settle what has no report, and the monthly allowances that are over expire. In some
 * histories a month ends while calls still hold part of it.
 */
export async function settleEverything(history: History): Promise<void> {
  const months = () => ({
    what: 'the month changes',
    done: () => startMonth(history.db, history.company.tenantId, new Date(history.nowMs)),
  })
  const workers = [1, 2].map((n) => ({
    what: `worker ${n} settles the rest`,
    done: () => settleAsTheWorkerDoes(history, momentOf(history)),
  }))
  if (history.random.percent(30)) {
    passDays(history, 40)
    await performAtOnce(history, history.random.percent(50) ? [months()] : [months(), ...workers])
  }
  passDays(history, 1)
  await performAtOnce(history, workers)
  await performAtOnce(history, [{ what: 'Asterisk has no incoming call any more', done: () => settleIncoming(history) }])
  passDays(history, 40)
  await performAtOnce(history, [months()])
}

function passDays(history: History, days: number): void {
  history.nowMs += days * dayMs
  history.uptimeMs += days * dayMs
}

async function settleIncoming(history: History): Promise<void> {
  for (const { id } of history.incoming) await settleUnreportedCall(history.db, id, momentOf(history))
}
