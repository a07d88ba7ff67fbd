import { listCalls, type ListedCall, type Viewer } from './calls/history.ts'
import type { Database } from './database/pool.ts'

/** A call of a lead with what was said of it. */
export interface ContactCall extends ListedCall {
  note: string
}

/** The newest calls with a number that a person may see, `limit` at most. */
export async function listContactCalls(db: Database, viewer: Viewer, e164: string, limit = 50): Promise<ContactCall[]> {
  const calls = await listCalls(db, viewer, { filter: { number: { e164, digits: e164.slice(1), hasCountry: true } }, limit })
  if (calls.length === 0) return []
  const said = await db
    .selectFrom('call_notes')
    .select(['call_id', 'note'])
    .where('tenant_id', '=', viewer.tenantId)
    .where(
      'call_id',
      'in',
      calls.map(({ id }) => id),
    )
    .execute()
  const notes = new Map(said.map(({ call_id, note }) => [call_id, note]))
  return calls.map((call) => ({ ...call, note: notes.get(call.id) ?? '' }))
}
