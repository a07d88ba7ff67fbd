import { sql } from 'kysely'
import type { Database } from '../../database/pool.ts'
import type { RecordingState } from '../../database/schema/recordings.ts'
import type { TransferState } from '../../database/schema.ts'
import type { Call } from '../call.ts'
import { narrow, type HistoryFilter } from './filter.ts'
import { findNumbers } from './number-search.ts'
import { agentViewer, isWorkable, takenOverCalls, tenantCalls, visibleCalls, visibleShares, type Viewer } from './visibility.ts'

/** A call as the history shows it. */
export interface ListedCall extends Call {
  contact_name: string | null
  contact_company: string | null
  /** The number, while it is one of the lead's; null otherwise. */
  contact_number: string | null
  /** Null while an incoming call is not answered. */
  agent_name: string | null
  /** The result that the agent chose; null also if the viewer may not read it. */
  disposition: string | null
  /** The state of a transfer in progress, or null. */
  transfer_state: TransferState | null
  /** The colleague whose phone rings for it, or who took it over. */
  colleague_name: string | null
  recording_state: RecordingState | null
  recording_duration_ms: number | null
  /** How much of the talk the recording lacks; null = nothing. */
  recording_missing_ms: number | null
  /** When the current pause of the recording began, in ms of the talk; null if it is not paused. */
  recording_paused_at_ms: number | null
  /** When the number was put on the do-not-call list; null = may be called. */
  do_not_call_at: Date | null
}

/** The last call of a page of the history. The next page starts after it. */
export interface HistoryCursor {
  requestedAt: Date
  id: string
}

/** The calls that match, newest first, at most `limit`, after `cursor`. */
export async function listCalls(
  db: Database,
  viewer: Viewer,
  { filter = {}, cursor, limit = 50 }: { filter?: HistoryFilter; cursor?: HistoryCursor | undefined; limit?: number } = {},
): Promise<ListedCall[]> {
  const numbers = filter.number && (await findNumbers(db, viewer.tenantId, filter.number))
  if (numbers?.length === 0) return []
  const pageOf = (calls: ReturnType<typeof tenantCalls>) => {
    let page = narrow(calls.select(['calls.id', 'calls.requested_at']), viewer, filter, numbers)
    if (cursor) {
      page = page
        .where('calls.requested_at', '<=', cursor.requestedAt)
        .where((where) => where.or([where('calls.requested_at', '<', cursor.requestedAt), where('calls.id', '<', cursor.id)]))
    }
    return page.orderBy('calls.requested_at', 'desc').orderBy('calls.id', 'desc').limit(limit)
  }
  const [first, ...others] = visibleShares(db, viewer)
  let seen = db.selectFrom(pageOf(first).as('share')).selectAll()
  for (const share of others) seen = seen.union(db.selectFrom(pageOf(share).as('share')).selectAll())
  const page = db.selectFrom(seen.as('seen')).select('seen.id').orderBy('seen.requested_at', 'desc').orderBy('seen.id', 'desc').limit(limit)
  // Joins run only for the calls of this page.
  return listedCalls(db, viewer)
    .innerJoin(page.as('page'), 'page.id', 'calls.id')
    .orderBy('calls.requested_at', 'desc')
    .orderBy('calls.id', 'desc')
    .limit(limit)
    .execute()
}

/** Whether any call matches. */
export async function hasCalls(db: Database, viewer: Viewer, filter: HistoryFilter = {}): Promise<boolean> {
  const numbers = filter.number && (await findNumbers(db, viewer.tenantId, filter.number))
  if (numbers?.length === 0) return false
  for (const share of visibleShares(db, viewer))
    if (await narrow(share.select('calls.id'), viewer, filter, numbers).limit(1).executeTakeFirst()) return true
  return false
}

/** A call, if the viewer may see it and it matches. */
export async function findMatchingCall(db: Database, viewer: Viewer, filter: HistoryFilter, callId: string): Promise<ListedCall | null> {
  const match = await narrow(visibleCalls(db, viewer).select('calls.id'), viewer, filter).where('calls.id', '=', callId).executeTakeFirst()
  return match ? findCall(db, viewer, callId) : null
}

/** Null for a call that the viewer may not see, as for an unknown id. */
export async function findCall(db: Database, viewer: Viewer, callId: string): Promise<ListedCall | null> {
  return (await listedCalls(db, viewer).where('calls.id', '=', callId).executeTakeFirst()) ?? null
}

/** The call an agent is in, or else their last call if it ended after `since` and may still need a note. */
export async function findCallAtHand(db: Database, tenantId: number, agentId: number, since: Date): Promise<ListedCall | null> {
  const viewer = agentViewer(tenantId, agentId)
  const open = await listedCalls(db, viewer).where('calls.open_agent_id', '=', agentId).executeTakeFirst()
  if (open) return open
  const lastOf = (calls: ReturnType<typeof tenantCalls>) =>
    calls
      .select(['calls.id', 'calls.ended_at'])
      .orderBy('calls.requested_at', 'desc')
      .orderBy('calls.id', 'desc')
      .limit(1)
      .executeTakeFirst()
  const own = await lastOf(tenantCalls(db, tenantId).where('calls.agent_id', '=', agentId))
  const taken = await lastOf(takenOverCalls(db, tenantId, agentId))
  const last = (taken?.ended_at ?? 0) > (own?.ended_at ?? 0) ? taken : own
  return last?.ended_at && last.ended_at > since ? findCall(db, viewer, last.id) : null
}

function listedCalls(db: Database, viewer: Viewer) {
  return visibleCalls(db, viewer)
    .leftJoin('agents', 'agents.id', 'calls.agent_id')
    .leftJoin('users', 'users.id', 'agents.user_id')
    .leftJoin('transfers', 'transfers.open_call_id', 'calls.id')
    .leftJoin('agents as colleagues', (join) =>
      join.on('colleagues.id', '=', sql`coalesce(transfers.to_agent_id, calls.transferred_to_agent_id)`),
    )
    .leftJoin('users as colleague_users', 'colleague_users.id', 'colleagues.user_id')
    .leftJoin('contacts', 'contacts.id', 'calls.contact_id')
    .leftJoin('contact_numbers', (join) =>
      join
        .onRef('contact_numbers.tenant_id', '=', 'calls.tenant_id')
        .onRef('contact_numbers.e164', '=', 'calls.e164')
        .onRef('contact_numbers.contact_id', '=', 'calls.contact_id'),
    )
    .leftJoin('dispositions', (join) => join.onRef('dispositions.id', '=', 'calls.disposition_id').on(isWorkable(viewer)))
    .leftJoin('recordings', 'recordings.call_id', 'calls.id')
    .leftJoin('recording_pauses', 'recording_pauses.open_call_id', 'calls.id')
    .leftJoin('do_not_call', (join) =>
      join.onRef('do_not_call.tenant_id', '=', 'calls.tenant_id').onRef('do_not_call.e164', '=', 'calls.e164'),
    )
    .selectAll('calls')
    .select([
      'contacts.name as contact_name',
      'contacts.company as contact_company',
      'contact_numbers.e164 as contact_number',
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
