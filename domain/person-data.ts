import type { Database, Trx } from './database/pool.ts'
import { inTransaction } from './database/transaction.ts'
import { deleteRecording, keptRecordings, type Places } from './retention.ts'
import { lockTenant } from './tenants.ts'

/**
 * Everything that a company keeps about whoever has a number, for their right to see it (LGPD, article 18). Recordings are
 * named by their paths below the storage directory.
 */
export async function collectPersonData(db: Database, tenantId: number, e164: string): Promise<Record<string, unknown[]>> {
  return {
    contacts: await db
      .selectFrom('contacts')
      .select(['name', 'company', 'e164', 'created_at'])
      .where('tenant_id', '=', tenantId)
      .where('e164', '=', e164)
      .execute(),
    tags: await db
      .selectFrom('contact_tags')
      .innerJoin('contacts', 'contacts.id', 'contact_tags.contact_id')
      .select('tag')
      .where('contacts.tenant_id', '=', tenantId)
      .where('e164', '=', e164)
      .execute(),
    lists: await db
      .selectFrom('call_list_entries')
      .innerJoin('call_lists', 'call_lists.id', 'list_id')
      .select(['call_lists.name', 'state', 'attempts', 'changed_at'])
      .where('call_list_entries.tenant_id', '=', tenantId)
      .where('e164', '=', e164)
      .execute(),
    tasks: await db
      .selectFrom('tasks')
      .select(['kind', 'note', 'due_at', 'created_at', 'done_at'])
      .where('tenant_id', '=', tenantId)
      .where('e164', '=', e164)
      .execute(),
    calls: await db
      .selectFrom('calls')
      .leftJoin('call_notes', 'call_notes.call_id', 'calls.id')
      .leftJoin('dispositions', 'dispositions.id', 'disposition_id')
      .leftJoin('recordings', 'recordings.call_id', 'calls.id')
      .select([
        'calls.id',
        'origin',
        'outcome',
        'requested_at',
        'answered_at',
        'ended_at',
        'talk_seconds',
        'dispositions.label as disposition',
      ])
      .select(['call_notes.note', 'recordings.state as recording', 'recordings.path as recording_path'])
      .where('calls.tenant_id', '=', tenantId)
      .where('e164', '=', e164)
      .orderBy('requested_at')
      .execute(),
    doNotCall: await db
      .selectFrom('do_not_call')
      .select(['reason', 'created_at'])
      .where('tenant_id', '=', tenantId)
      .where('e164', '=', e164)
      .execute(),
  }
}

export interface Forgotten {
  contacts: number
  recordings: number
  notes: number
  tasks: number
  lists: number
}

/**
 * Deletes what a company keeps about whoever has a number: name, tags, notes, tasks, places in lists, and recordings. That there was a call, when,
 * to which number and for how many minutes stays: it is what the company was charged for. So does that they asked not to be called.
 */
export async function forgetPerson(db: Database, places: Places, tenantId: number, e164: string, now: Date): Promise<Forgotten> {
  const calls = db.selectFrom('calls').select('calls.id').where('calls.tenant_id', '=', tenantId).where('e164', '=', e164)
  const recordings = keptRecordings(db).select(['call_id as callId', 'path', 'place']).where('call_id', 'in', calls)
  let deleted = 0
  // Again, for one that the worker has moved to the bucket meanwhile.
  for (let left = await recordings.execute(); left.length > 0; left = await recordings.execute())
    for (const recording of left) if (await deleteRecording(db, places, recording, now)) deleted++
  return inTransaction(db, async (trx) => {
    await lockTenant(trx, tenantId)
    const notes = await trx.deleteFrom('call_notes').where('call_id', 'in', calls).executeTakeFirst()
    return {
      recordings: deleted,
      notes: Number(notes.numDeletedRows),
      tasks: await deleteOfNumber(trx, 'tasks', tenantId, e164),
      lists: await deleteOfNumber(trx, 'call_list_entries', tenantId, e164),
      contacts: await deleteOfNumber(trx, 'contacts', tenantId, e164),
    }
  })
}

/** Returns how many rows went. */
async function deleteOfNumber(
  trx: Trx,
  table: 'tasks' | 'call_list_entries' | 'contacts',
  tenantId: number,
  e164: string,
): Promise<number> {
  const { numDeletedRows } = await trx.deleteFrom(table).where('tenant_id', '=', tenantId).where('e164', '=', e164).executeTakeFirst()
  return Number(numDeletedRows)
}

/** Whether a call with this number goes on, or its recording is not stored yet. */
export async function isInACall(db: Database, tenantId: number, e164: string): Promise<boolean> {
  const call = await db
    .selectFrom('calls')
    .leftJoin('recordings', 'recordings.call_id', 'calls.id')
    .select('calls.id')
    .where('calls.tenant_id', '=', tenantId)
    .where('e164', '=', e164)
    .where((is) => is.or([is('ended_at', 'is', null), is('recordings.state', '=', 'pending')]))
    .limit(1)
    .executeTakeFirst()
  return call !== undefined
}
