import { requestLifetimeMs } from '../../calls/authorize.ts'
import {
  failRequest,
  findOverdueCalls,
  findWaitingRequests,
  markCutFromOutside,
  reportGraceMs,
  settleLostCall,
  settleUnreportedCall,
} from '../../calls/lost.ts'
import { turnMonth } from '../../franchise.ts'
import { doAtOnce, momentOf, type History, type Moment } from './history.ts'

/** What the worker's jobs do in one round, to the calls of this history alone: others share the database. */
export async function settleAsTheWorkerDoes({ db, calls }: History, { at, uptime }: Moment): Promise<void> {
  const own = new Set(calls.map(({ id }) => id))
  for (const { callId, requestedAt } of await findWaitingRequests(db)) {
    if (own.has(callId) && at.getTime() - requestedAt.getTime() > requestLifetimeMs) await failRequest(db, callId, at)
  }
  for (const { callId } of await findOverdueCalls(db, at, uptime)) if (own.has(callId)) await markCutFromOutside(db, callId, at)
  const late = { at: new Date(at.getTime() - reportGraceMs), uptime: uptime && { ...uptime, ms: uptime.ms - reportGraceMs } }
  for (const { callId } of await findOverdueCalls(db, late.at, late.uptime))
    if (own.has(callId)) await settleLostCall(db, callId, at, uptime)
}

/** Long after: two workers find what nobody reported, and the months that were over are taken back. */
export async function settleEverything(history: History): Promise<void> {
  const day = 86_400_000
  history.nowMs += day
  history.uptimeMs += day
  const workers = [1, 2].map((n) => ({
    what: `worker ${n} settles the rest`,
    done: () => settleAsTheWorkerDoes(history, momentOf(history)),
  }))
  await doAtOnce(history, workers)
  await doAtOnce(history, [{ what: 'no incoming call is up any more', done: () => settleIncoming(history) }])
  history.nowMs += 40 * day
  const { db, company, nowMs } = history
  await doAtOnce(history, [{ what: 'the months turn', done: () => turnMonth(db, company.tenantId, new Date(nowMs)) }])
}

/** Asterisk was asked, and none of them is there. */
async function settleIncoming(history: History): Promise<void> {
  const { at, uptime } = momentOf(history)
  for (const { id } of history.incoming) await settleUnreportedCall(history.db, id, at, uptime)
}
