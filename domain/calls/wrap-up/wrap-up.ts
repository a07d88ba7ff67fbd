import type { Database, Trx } from '../../database/pool.ts'
import { inTransaction } from '../../database/transaction.ts'
import { workableCalls, type Viewer } from '../history/visibility.ts'

/** What an agent records after a call: the result and a note. */
export interface WrapUp {
  dispositionId: number | null
  note: string
  /** The number of changes; 0 = not filled in yet. */
  revision: number
}

export type SavedWrapUp = { outcome: 'saved'; revision: number } | { outcome: 'changed-meanwhile'; present: WrapUp }

export const longestNote = 10_000

/** Null for a call that the viewer may not work on. */
export async function findWrapUp(db: Database | Trx, viewer: Viewer, callId: string): Promise<WrapUp | null> {
  const row = await workableCalls(db, viewer)
    .leftJoin('call_notes', 'call_notes.call_id', 'calls.id')
    .select(['calls.disposition_id', 'call_notes.note', 'call_notes.revision'])
    .where('calls.id', '=', callId)
    .executeTakeFirst()
  return row ? { dispositionId: row.disposition_id, note: row.note ?? '', revision: row.revision ?? 0 } : null
}

/**
 * Saves a change of `revision`. If another change came first, saves nothing and returns the present wrap-up. The same content sent
 * again, because its answer was lost, counts as saved. A disposition of another company is ignored. Null for a call that the
 * viewer may not work on.
 */
export async function saveWrapUp(
  db: Database,
  viewer: Viewer,
  callId: string,
  { dispositionId, note, revision }: WrapUp,
  userId: number,
  now: Date,
): Promise<SavedWrapUp | null> {
  return inTransaction(db, async (trx) => {
    if (!(await findWrapUp(trx, viewer, callId))) return null
    const first = { call_id: callId, tenant_id: viewer.tenantId, note: '', revision: 0, changed_at: now, changed_by: userId }
    await trx.insertInto('call_notes').ignore().values(first).execute()
    await trx.selectFrom('call_notes').select('revision').where('call_id', '=', callId).forUpdate().execute()
    const present = await findWrapUp(trx, viewer, callId)
    if (!present) return null
    const disposition = await findId(trx, viewer.tenantId, dispositionId)
    if (present.note === note && present.dispositionId === disposition && present.revision > 0)
      return { outcome: 'saved', revision: present.revision }
    if (present.revision !== revision) return { outcome: 'changed-meanwhile', present }
    await trx.updateTable('calls').set({ disposition_id: disposition }).where('id', '=', callId).execute()
    await trx
      .updateTable('call_notes')
      .set({ note, revision: revision + 1, changed_at: now, changed_by: userId })
      .where('call_id', '=', callId)
      .execute()
    return { outcome: 'saved', revision: revision + 1 }
  })
}

async function findId(trx: Trx, tenantId: number, dispositionId: number | null): Promise<number | null> {
  if (dispositionId === null) return null
  const known = trx.selectFrom('dispositions').select('id').where('tenant_id', '=', tenantId).where('id', '=', dispositionId)
  return (await known.executeTakeFirst())?.id ?? null
}
