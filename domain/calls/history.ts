import type { Database, Trx } from '../database/pool.ts'
import type { RecordingState } from '../database/schema.ts'
import type { Call } from './call.ts'
import { narrow, type HistoryFilter } from './history-filter.ts'
import { findNumbers } from './number-search.ts'

/** A call as the history shows it. */
export interface ListedCall extends Call {
  contact_name: string | null
  contact_company: string | null
  /** Null while nobody has answered an incoming call. */
  agent_name: string | null
  /** What the agent says came of it; null also where that is not for the person's eyes. */
  disposition: string | null
  recording_state: RecordingState | null
  recording_duration_ms: number | null
  /** When the pause of the recording began that is not over, in ms of the talk. */
  recording_paused_at_ms: number | null
  /** When somebody noted that this number is not to be called; null = may be called. */
  do_not_call_at: Date | null
}

/** Whose calls a person may see: a manager all of the tenant's, an agent their own, and the incoming ones that rang them. */
export interface Viewer {
  tenantId: number
  /** Null for a manager: no restriction. */
  onlyAgentId: number | null
}

/** Where a page of the history ended; calls strictly before it come next. */
export interface HistoryCursor {
  requestedAt: Date
  id: string
}

/** The newest calls first that match, `limit` at most, after `cursor`. */
export async function listCalls(
  db: Database,
  viewer: Viewer,
  { filter = {}, cursor, limit = 50 }: { filter?: HistoryFilter; cursor?: HistoryCursor | undefined; limit?: number } = {},
): Promise<ListedCall[]> {
  const numbers = filter.number && (await findNumbers(db, viewer.tenantId, filter.number))
  if (numbers?.length === 0) return []
  const pageOf = (calls: ReturnType<typeof ownCalls>) => {
    let page = narrow(calls.select(['calls.id', 'calls.requested_at']), filter, numbers)
    if (cursor) {
      page = page
        .where('calls.requested_at', '<=', cursor.requestedAt)
        .where((where) => where.or([where('calls.requested_at', '<', cursor.requestedAt), where('calls.id', '<', cursor.id)]))
    }
    return page.orderBy('calls.requested_at', 'desc').orderBy('calls.id', 'desc').limit(limit)
  }
  const own = pageOf(ownCalls(db, viewer))
  const { onlyAgentId } = viewer
  // Each by an index of its own: together they would be found by reading all calls of the company.
  const seen =
    onlyAgentId === null
      ? own
      : db
          .selectFrom(own.as('own'))
          .selectAll()
          .union(db.selectFrom(pageOf(rungCalls(db, viewer.tenantId, onlyAgentId)).as('rung')).selectAll())
  const page = db.selectFrom(seen.as('seen')).select('seen.id').orderBy('seen.requested_at', 'desc').orderBy('seen.id', 'desc').limit(limit)
  // Only what the page shows is looked up beyond the indexes.
  return visibleCalls(db, viewer)
    .innerJoin(page.as('page'), 'page.id', 'calls.id')
    .orderBy('calls.requested_at', 'desc')
    .orderBy('calls.id', 'desc')
    .execute()
}

/** Whether there is any call that matches. */
export async function hasCalls(db: Database, viewer: Viewer, filter: HistoryFilter = {}): Promise<boolean> {
  const numbers = filter.number && (await findNumbers(db, viewer.tenantId, filter.number))
  if (numbers?.length === 0) return false
  const isAny = async (calls: ReturnType<typeof ownCalls>) =>
    (await narrow(calls.select('calls.id'), filter, numbers).limit(1).executeTakeFirst()) !== undefined
  if (await isAny(ownCalls(db, viewer))) return true
  return viewer.onlyAgentId !== null && isAny(rungCalls(db, viewer.tenantId, viewer.onlyAgentId))
}

/** A call, if this person may see it and it matches. */
export async function findMatchingCall(db: Database, viewer: Viewer, filter: HistoryFilter, callId: string): Promise<ListedCall | null> {
  const match = await narrow(seenCalls(db, viewer).select('calls.id'), filter).where('calls.id', '=', callId).executeTakeFirst()
  return match ? findCall(db, viewer, callId) : null
}

/** Null for a call that this person may not see, exactly as for one that does not exist. */
export async function findCall(db: Database, viewer: Viewer, callId: string): Promise<ListedCall | null> {
  return (await visibleCalls(db, viewer).where('calls.id', '=', callId).executeTakeFirst()) ?? null
}

/** The call that an agent is on, else their last one, if it ended after `since`: they may still have something to say of it. */
export async function findCallAtHand(db: Database, tenantId: number, agentId: number, since: Date): Promise<ListedCall | null> {
  const viewer = { tenantId, onlyAgentId: agentId }
  const open = await visibleCalls(db, viewer).where('calls.open_agent_id', '=', agentId).executeTakeFirst()
  if (open) return open
  const last = await ownCalls(db, viewer)
    .select(['calls.id', 'calls.ended_at'])
    .orderBy('calls.requested_at', 'desc')
    .orderBy('calls.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last?.ended_at && last.ended_at > since ? findCall(db, viewer, last.id) : null
}

/** The calls that are a person's to work on: to note something of, and to hear again. */
export function ownCalls(db: Database | Trx, viewer: Viewer) {
  const query = db.selectFrom('calls').where('calls.tenant_id', '=', viewer.tenantId)
  return viewer.onlyAgentId === null ? query : query.where('calls.agent_id', '=', viewer.onlyAgentId)
}

/** Incoming calls that rang an agent. */
function rungCalls(db: Database, tenantId: number, agentId: number) {
  const rung = db.selectFrom('call_rings').select('call_id').where('agent_id', '=', agentId)
  return db.selectFrom('calls').where('calls.tenant_id', '=', tenantId).where('calls.id', 'in', rung)
}

/** The calls that a person may see, and nothing beside them. */
function seenCalls(db: Database, { tenantId, onlyAgentId }: Viewer) {
  const query = db.selectFrom('calls').where('calls.tenant_id', '=', tenantId)
  if (onlyAgentId === null) return query
  return query.where((where) =>
    where.or([
      where('calls.agent_id', '=', onlyAgentId),
      where.exists(
        where.selectFrom('call_rings').select('agent_id').whereRef('call_id', '=', 'calls.id').where('agent_id', '=', onlyAgentId),
      ),
    ]),
  )
}

function visibleCalls(db: Database, viewer: Viewer) {
  return seenCalls(db, viewer)
    .leftJoin('agents', 'agents.id', 'calls.agent_id')
    .leftJoin('users', 'users.id', 'agents.user_id')
    .leftJoin('contacts', 'contacts.id', 'calls.contact_id')
    .leftJoin('dispositions', (join) => {
      const chosen = join.onRef('dispositions.id', '=', 'calls.disposition_id')
      // A call that only rang an agent is another's to speak of.
      return viewer.onlyAgentId === null ? chosen : chosen.on('calls.agent_id', '=', viewer.onlyAgentId)
    })
    .leftJoin('recordings', 'recordings.call_id', 'calls.id')
    .leftJoin('recording_pauses', 'recording_pauses.open_call_id', 'calls.id')
    .leftJoin('do_not_call', (join) =>
      join.onRef('do_not_call.tenant_id', '=', 'calls.tenant_id').onRef('do_not_call.e164', '=', 'calls.e164'),
    )
    .selectAll('calls')
    .select([
      'contacts.name as contact_name',
      'contacts.company as contact_company',
      'users.name as agent_name',
      'dispositions.label as disposition',
      'recordings.state as recording_state',
      'recordings.duration_ms as recording_duration_ms',
      'recording_pauses.paused_at_ms as recording_paused_at_ms',
      'do_not_call.created_at as do_not_call_at',
    ])
}
