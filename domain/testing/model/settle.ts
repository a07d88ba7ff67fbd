import { requestLifetimeMs } from '../../calls/outgoing/authorize.ts'
import {
  failRequest,
  findOverdueCalls,
  findSilentCalls,
  findWaitingRequests,
  markCutFromOutside,
  reportGraceMs,
  settleLostCall,
  settleUnreportedCall,
} from '../../calls/reconcile/unreported-calls.ts'
import { startMonth } from '../../balance/monthly-allowance.ts'
import { doAtOnce, momentOf, type History, type Moment } from './history.ts'

/** What the worker's jobs do in one round, to the calls of this history alone: others share the database. */
export async function settleAsTheWorkerDoes({ db, calls }: History, { at, uptime }: Moment): Promise<void> {
  const own = new Set(calls.map(({ id }) => id))
  for (const { callId, requestedAt } of await findWaitingRequests(db)) {
    if (own.has(callId) && at.getTime() - requestedAt.getTime() > requestLifetimeMs) await failRequest(db, callId, at)
  }
  for (const { callId } of await findOverdueCalls(db, at, uptime)) if (own.has(callId)) await markCutFromOutside(db, callId, 0, at, uptime)
  const late = { at: new Date(at.getTime() - reportGraceMs), uptime: uptime && { ...uptime, ms: uptime.ms - reportGraceMs } }
  for (const { callId } of await findOverdueCalls(db, late.at, late.uptime))
    if (own.has(callId)) await settleLostCall(db, callId, at, uptime)
  // A call that takes no minutes is ended by no lease: Asterisk is asked for it, and half a day later it is gone.
  for (const { callId } of await findSilentCalls(
    db,
    new Date(at.getTime() - dayMs / 2),
    uptime && { ...uptime, ms: uptime.ms - dayMs / 2 },
  ))
    if (own.has(callId)) await settleUnreportedCall(db, callId, at, uptime)
}

const dayMs = 86_400_000

/**
 * Long after: two workers find what nobody reported, and the months that were over are taken back; now and then a month ends
 * while calls still hold some of it.
 */
export async function settleEverything(history: History): Promise<void> {
  const months = () => ({ what: 'the months turn', done: () => startMonth(history.db, history.company.tenantId, new Date(history.nowMs)) })
  const workers = [1, 2].map((n) => ({
    what: `worker ${n} settles the rest`,
    done: () => settleAsTheWorkerDoes(history, momentOf(history)),
  }))
  if (history.random.percent(30)) {
    passDays(history, 40)
    await doAtOnce(history, history.random.percent(50) ? [months()] : [months(), ...workers])
  }
  passDays(history, 1)
  await doAtOnce(history, workers)
  await doAtOnce(history, [{ what: 'no incoming call is up any more', done: () => settleIncoming(history) }])
  passDays(history, 40)
  await doAtOnce(history, [months()])
}

function passDays(history: History, days: number): void {
  history.nowMs += days * dayMs
  history.uptimeMs += days * dayMs
}

/** Asterisk was asked, and none of them is there. */
async function settleIncoming(history: History): Promise<void> {
  const { at, uptime } = momentOf(history)
  for (const { id } of history.incoming) await settleUnreportedCall(history.db, id, at, uptime)
}
