import type { Database } from '../../database/pool.ts'
import { workableCalls, type Viewer } from '../history/visibility.ts'

/** What was said of the last call with a number that anything was said of. */
export interface LastNote {
  at: Date
  disposition: string | null
  note: string
}

/** Null when this person has said nothing of any call with the number. */
export async function findLastNote(db: Database, viewer: Viewer, e164: string): Promise<LastNote | null> {
  const row = await workableCalls(db, viewer)
    .leftJoin('call_notes', 'call_notes.call_id', 'calls.id')
    .leftJoin('dispositions', 'dispositions.id', 'calls.disposition_id')
    .select(['calls.requested_at', 'dispositions.label', 'call_notes.note'])
    .where('calls.e164', '=', e164)
    .where((where) => where.or([where('calls.disposition_id', 'is not', null), where('call_notes.note', '!=', '')]))
    .orderBy('calls.requested_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? { at: row.requested_at, disposition: row.label, note: row.note ?? '' } : null
}
