import { listNumbersWith } from '../../contacts/numbers.ts'
import type { Database } from '../../database/pool.ts'
import { workableCalls, type Viewer } from '../history/visibility.ts'

/** The result and note of the last call with a lead that has either. */
export interface LastNote {
  at: Date
  disposition: string | null
  note: string
}

/** `e164`: any number of the lead. Null if no call with the lead that the viewer worked on has a result or a note. */
export async function findLastNote(db: Database, viewer: Viewer, e164: string): Promise<LastNote | null> {
  const row = await workableCalls(db, viewer)
    .leftJoin('call_notes', 'call_notes.call_id', 'calls.id')
    .leftJoin('dispositions', 'dispositions.id', 'calls.disposition_id')
    .select(['calls.requested_at', 'dispositions.label', 'call_notes.note'])
    .where('calls.e164', 'in', await listNumbersWith(db, viewer.tenantId, e164))
    .where((where) => where.or([where('calls.disposition_id', 'is not', null), where('call_notes.note', '!=', '')]))
    .orderBy('calls.requested_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? { at: row.requested_at, disposition: row.label, note: row.note ?? '' } : null
}
