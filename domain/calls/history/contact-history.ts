import { listCalls, type ListedCall } from './history.ts'
import { isWorkable, type Viewer } from './visibility.ts'
import type { HistoryFilter } from './filter.ts'
import type { Database } from '../../database/pool.ts'

/** A call of a lead with its note. */
export interface ContactCall extends ListedCall {
  note: string
}

/** The newest calls of a lead that the viewer may see, at most `limit`: calls with its numbers, and calls to it under earlier ones. */
export async function listContactCalls(
  db: Database,
  viewer: Viewer,
  { numbers, contactId }: { numbers: readonly string[]; contactId: number },
  limit = 50,
): Promise<ContactCall[]> {
  const filters: HistoryFilter[] = [{ numbers }, { contactId }]
  const found = (await Promise.all(filters.map((filter) => listCalls(db, viewer, { filter, limit })))).flat()
  const once = new Map(found.map((call) => [call.id, call]))
  const calls = [...once.values()].sort((a, b) => b.requested_at.getTime() - a.requested_at.getTime()).slice(0, limit)
  if (calls.length === 0) return []
  const rows = await db
    .selectFrom('call_notes')
    .innerJoin('calls', 'calls.id', 'call_notes.call_id')
    .select(['call_id', 'note'])
    .where('call_notes.tenant_id', '=', viewer.tenantId)
    .where(
      'call_id',
      'in',
      calls.map(({ id }) => id),
    )
    .where(isWorkable(viewer))
    .execute()
  const notes = new Map(rows.map(({ call_id, note }) => [call_id, note]))
  return calls.map((call) => ({ ...call, note: notes.get(call.id) ?? '' }))
}
