import { sql, type ExpressionBuilder } from 'kysely'
import type { Database, Trx } from '../../database/pool.ts'
import type { RecordingState, Schema, TransferState } from '../../database/schema.ts'
import type { Call } from '../call.ts'
import { narrow, type HistoryFilter } from './filter.ts'
import { findNumbers } from './number-search.ts'

/** A call as the history shows it. */
export interface ListedCall extends Call {
  contact_name: string | null
  contact_company: string | null
  /** Null while nobody has answered an incoming call. */
  agent_name: string | null
  /** What the agent says came of it; null also where that is not for the person's eyes. */
  disposition: string | null
  /** Where the call is while it is being passed on; null = nowhere between two agents. */
  transfer_state: TransferState | null
  /** The colleague who is rung for it, else the one who took it over. */
  colleague_name: string | null
  recording_state: RecordingState | null
  recording_duration_ms: number | null
  /** What the recording lacks of the talk; null = nothing. */
  recording_missing_ms: number | null
  /** When the pause of the recording began that is not over, in ms of the talk. */
  recording_paused_at_ms: number | null
  /** When somebody noted that this number is not to be called; null = may be called. */
  do_not_call_at: Date | null
}

/**
 * Whose calls a person may see: a manager all of the tenant's, an agent their own, those they took over, and the incoming ones
 * that rang them.
 */
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
  const pageOf = (calls: ReturnType<typeof callsOf>) => {
    let page = narrow(calls.select(['calls.id', 'calls.requested_at']), filter, numbers)
    if (cursor) {
      page = page
        .where('calls.requested_at', '<=', cursor.requestedAt)
        .where((where) => where.or([where('calls.requested_at', '<', cursor.requestedAt), where('calls.id', '<', cursor.id)]))
    }
    return page.orderBy('calls.requested_at', 'desc').orderBy('calls.id', 'desc').limit(limit)
  }
  const [first, ...others] = shares(db, viewer)
  let seen = db.selectFrom(pageOf(first).as('share')).selectAll()
  for (const share of others) seen = seen.union(db.selectFrom(pageOf(share).as('share')).selectAll())
  const page = db.selectFrom(seen.as('seen')).select('seen.id').orderBy('seen.requested_at', 'desc').orderBy('seen.id', 'desc').limit(limit)
  // Only what the page shows is looked up beyond the indexes.
  return visibleCalls(db, viewer)
    .innerJoin(page.as('page'), 'page.id', 'calls.id')
    .orderBy('calls.requested_at', 'desc')
    .orderBy('calls.id', 'desc')
    .limit(limit)
    .execute()
}

/** Whether there is any call that matches. */
export async function hasCalls(db: Database, viewer: Viewer, filter: HistoryFilter = {}): Promise<boolean> {
  const numbers = filter.number && (await findNumbers(db, viewer.tenantId, filter.number))
  if (numbers?.length === 0) return false
  for (const share of shares(db, viewer))
    if (await narrow(share.select('calls.id'), filter, numbers).limit(1).executeTakeFirst()) return true
  return false
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

/**
 * The call that an agent is on, else the last that they had a part in, if it ended after `since`: they may still have something
 * to say of it.
 */
export async function findCallAtHand(db: Database, tenantId: number, agentId: number, since: Date): Promise<ListedCall | null> {
  const viewer = { tenantId, onlyAgentId: agentId }
  const open = await visibleCalls(db, viewer).where('calls.open_agent_id', '=', agentId).executeTakeFirst()
  if (open) return open
  const lastOf = (calls: ReturnType<typeof callsOf>) =>
    calls
      .select(['calls.id', 'calls.ended_at'])
      .orderBy('calls.requested_at', 'desc')
      .orderBy('calls.id', 'desc')
      .limit(1)
      .executeTakeFirst()
  const own = await lastOf(callsOf(db, tenantId).where('calls.agent_id', '=', agentId))
  const taken = await lastOf(takenOver(db, tenantId, agentId))
  const last = (taken?.ended_at ?? 0) > (own?.ended_at ?? 0) ? taken : own
  return last?.ended_at && last.ended_at > since ? findCall(db, viewer, last.id) : null
}

/** The calls that are a person's to work on: to note something of, and to hear again. */
export function ownCalls(db: Database | Trx, { tenantId, onlyAgentId }: Viewer) {
  const query = callsOf(db, tenantId)
  if (onlyAgentId === null) return query
  return query.where((where) =>
    where.or([where('calls.agent_id', '=', onlyAgentId), where('calls.id', 'in', takenOver(db, tenantId, onlyAgentId).select('calls.id'))]),
  )
}

/**
 * The calls that a person may see, each share to be found by an index of its own: one condition with "or" would read all calls
 * of the company.
 */
function shares(db: Database, { tenantId, onlyAgentId }: Viewer) {
  const all = callsOf(db, tenantId)
  if (onlyAgentId === null) return [all] as const
  return [
    all.where('calls.agent_id', '=', onlyAgentId),
    takenOver(db, tenantId, onlyAgentId),
    rungCalls(db, tenantId, onlyAgentId),
  ] as const
}

function callsOf(db: Database | Trx, tenantId: number) {
  return db.selectFrom('calls').where('calls.tenant_id', '=', tenantId)
}

/** Calls of colleagues that an agent took over, at their end or on the way to it. */
function takenOver(db: Database | Trx, tenantId: number, agentId: number) {
  return callsOf(db, tenantId)
    .where('calls.agent_id', '!=', agentId)
    .where('calls.id', 'in', (query) =>
      query
        .selectFrom('transfers')
        .select('transfers.call_id')
        .where('transfers.to_agent_id', '=', agentId)
        .where('transfers.state', '=', 'answered'),
    )
}

/** Incoming calls that rang an agent. */
function rungCalls(db: Database, tenantId: number, agentId: number) {
  const rung = db.selectFrom('call_rings').select('call_id').where('agent_id', '=', agentId)
  return callsOf(db, tenantId).where('calls.id', 'in', rung)
}

/** The calls that a person may see, and nothing beside them. */
function seenCalls(db: Database, { tenantId, onlyAgentId }: Viewer) {
  const query = callsOf(db, tenantId)
  if (onlyAgentId === null) return query
  return query.where((where) =>
    where.or([
      where('calls.agent_id', '=', onlyAgentId),
      where('calls.id', 'in', takenOver(db, tenantId, onlyAgentId).select('calls.id')),
      where.exists(
        where.selectFrom('call_rings').select('agent_id').whereRef('call_id', '=', 'calls.id').where('agent_id', '=', onlyAgentId),
      ),
    ]),
  )
}

/** Of the calls that an agent may see: those that they had a part in. */
export function isTheirsToSpeakOf(agentId: number) {
  return (where: ExpressionBuilder<Pick<Schema, 'calls'>, 'calls'>) =>
    where.or([where('calls.origin', '!=', 'incoming'), where('calls.agent_id', '=', agentId)])
}

function visibleCalls(db: Database, viewer: Viewer) {
  return seenCalls(db, viewer)
    .leftJoin('agents', 'agents.id', 'calls.agent_id')
    .leftJoin('users', 'users.id', 'agents.user_id')
    .leftJoin('transfers', 'transfers.open_call_id', 'calls.id')
    .leftJoin('agents as colleagues', (join) =>
      join.on('colleagues.id', '=', sql`coalesce(transfers.to_agent_id, calls.transferred_to_agent_id)`),
    )
    .leftJoin('users as colleague_users', 'colleague_users.id', 'colleagues.user_id')
    .leftJoin('contacts', 'contacts.id', 'calls.contact_id')
    .leftJoin('dispositions', (join) => {
      const chosen = join.onRef('dispositions.id', '=', 'calls.disposition_id')
      // A call that only rang an agent is another's to speak of.
      return viewer.onlyAgentId === null ? chosen : chosen.on(isTheirsToSpeakOf(viewer.onlyAgentId))
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
      'transfers.state as transfer_state',
      'colleague_users.name as colleague_name',
      'recordings.state as recording_state',
      'recordings.duration_ms as recording_duration_ms',
      'recordings.missing_ms as recording_missing_ms',
      'recording_pauses.paused_at_ms as recording_paused_at_ms',
      'do_not_call.created_at as do_not_call_at',
    ])
}
