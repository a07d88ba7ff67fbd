import { isTheirsToSpeakOf, listCalls, type ListedCall, type Viewer } from './calls/history.ts'
import type { Database } from './database/pool.ts'

/** A call of a lead with what was said of it. */
export interface ContactCall extends ListedCall {
  note: string
}

/** The newest calls with a number that a person may see, `limit` at most. */
export async function listContactCalls(db: Database, viewer: Viewer, e164: string, limit = 50): Promise<ContactCall[]> {
  const calls = await listCalls(db, viewer, { filter: { number: { e164, digits: e164.slice(1), hasCountry: true } }, limit })
  if (calls.length === 0) return []
  let query = db
    .selectFrom('call_notes')
    .innerJoin('calls', 'calls.id', 'call_notes.call_id')
    .select(['call_id', 'note'])
    .where('call_notes.tenant_id', '=', viewer.tenantId)
    .where(
      'call_id',
      'in',
      calls.map(({ id }) => id),
    )
  // A call that only rang an agent is another's to speak of.
  if (viewer.onlyAgentId !== null) query = query.where(isTheirsToSpeakOf(viewer.onlyAgentId))
  const notes = new Map((await query.execute()).map(({ call_id, note }) => [call_id, note]))
  return calls.map((call) => ({ ...call, note: notes.get(call.id) ?? '' }))
}
