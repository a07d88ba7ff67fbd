import { listCalls, type ListedCall, type Viewer } from './calls/history.ts'
import type { Database } from './database/pool.ts'

/** A call of a lead with what was said of it. */
export interface ContactCall extends ListedCall {
  disposition: string | null
  note: string
}

/** The newest calls with a number that a person may see, `limit` at most. */
export async function listContactCalls(db: Database, viewer: Viewer, e164: string, limit = 50): Promise<ContactCall[]> {
  const calls = await listCalls(db, viewer, { filter: { number: { e164, digits: e164.slice(1), hasCountry: true } }, limit })
  if (calls.length === 0) return []
  const said = await db
    .selectFrom('calls')
    .leftJoin('call_notes', 'call_notes.call_id', 'calls.id')
    .leftJoin('dispositions', 'dispositions.id', 'calls.disposition_id')
    .select(['calls.id', 'dispositions.label', 'call_notes.note'])
    .where('calls.tenant_id', '=', viewer.tenantId)
    .where(
      'calls.id',
      'in',
      calls.map(({ id }) => id),
    )
    .execute()
  const byId = new Map(said.map((each) => [each.id, each]))
  return calls.map((call) => ({ ...call, disposition: byId.get(call.id)?.label ?? null, note: byId.get(call.id)?.note ?? '' }))
}
