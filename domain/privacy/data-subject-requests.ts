import type { NotNull } from 'kysely'
import { findContactByNumber } from '../contacts/contacts.ts'
import type { Database } from '../database/pool.ts'
import { inTransaction } from '../database/transaction.ts'
import { deleteRecording, keptRecordings, type Places } from '../recordings/retention.ts'
import { lockTenant } from '../tenants/tenants.ts'

/**
 * Lists everything a company stores about the person with a number, for their right of access (LGPD, article 18). Recordings are
 * named by their paths below the storage directory.
 */
export async function collectPersonData(db: Database, tenantId: number, e164: string): Promise<Record<string, unknown[]>> {
  const calls = await callsOf(db, tenantId, e164)
  return {
    contacts: await db
      .selectFrom('contacts')
      .select(['name', 'company', 'e164', 'email', 'city', 'notes', 'created_at'])
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
    fields: await db
      .selectFrom('contact_fields')
      .innerJoin('contacts', 'contacts.id', 'contact_fields.contact_id')
      .select(['contact_fields.name', 'value'])
      .where('contacts.tenant_id', '=', tenantId)
      .where('e164', '=', e164)
      .orderBy('position')
      .execute(),
    lists: await db
      .selectFrom('call_list_entries')
      .innerJoin('call_lists', 'call_lists.id', 'list_id')
      .select(['call_lists.name', 'state', 'attempts', 'changed_at'])
      .where('call_list_entries.tenant_id', '=', tenantId)
      .where((is) => is.or([is('e164', '=', e164), is(is.refTuple('list_id', 'e164'), 'in', placesOf(calls))]))
      .execute(),
    tasks: await db
      .selectFrom('tasks')
      .select(['kind', 'note', 'due_at', 'created_at', 'done_at'])
      .where('tenant_id', '=', tenantId)
      .where((is) => is.or([is('e164', '=', e164), is('call_id', 'in', calls.select('calls.id'))]))
      .execute(),
    calls: await calls
      .leftJoin('call_notes', 'call_notes.call_id', 'calls.id')
      .leftJoin('dispositions', 'dispositions.id', 'disposition_id')
      .leftJoin('recordings', 'recordings.call_id', 'calls.id')
      .select([
        'calls.id',
        'calls.e164',
        'origin',
        'outcome',
        'requested_at',
        'answered_at',
        'ended_at',
        'talk_seconds',
        'dispositions.label as disposition',
      ])
      .select(['call_notes.note', 'recordings.state as recording', 'recordings.path as recording_path'])
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

export interface ErasureResult {
  contacts: number
  recordings: number
  notes: number
  tasks: number
  lists: number
}

/**
 * Deletes what a company stores about the person with a number: name, details, tags, notes, tasks, list entries and recordings, also those
 * of calls under the lead's earlier numbers. The call itself stays, with its time, number and minutes, because the company was
 * charged for it. So does the do-not-call entry. `call-open`: a call with this number is
 * in progress, or its recording is not stored yet, and nothing was deleted.
 */
export async function erasePersonData(
  db: Database,
  places: Places,
  tenantId: number,
  e164: string,
  now: Date,
): Promise<ErasureResult | 'call-open'> {
  if (await isCallOpen(db, tenantId, e164)) return 'call-open'
  const theirs = await callsOf(db, tenantId, e164)
  const calls = theirs.select('calls.id')
  const recordings = keptRecordings(db).select(['call_id as callId', 'path', 'place']).where('call_id', 'in', calls)
  let deleted = 0
  // Again, because the worker may have moved one to the bucket since.
  for (let left = await recordings.execute(); left.length > 0; left = await recordings.execute())
    for (const recording of left) if (await deleteRecording(db, places, recording, now)) deleted++
  return inTransaction(db, async (trx) => {
    await lockTenant(trx, tenantId)
    const notes = await trx.deleteFrom('call_notes').where('call_id', 'in', calls).executeTakeFirst()
    const tasks = await trx
      .deleteFrom('tasks')
      .where('tenant_id', '=', tenantId)
      .where((is) => is.or([is('e164', '=', e164), is('call_id', 'in', calls)]))
      .executeTakeFirst()
    const lists = await trx
      .deleteFrom('call_list_entries')
      .where('tenant_id', '=', tenantId)
      .where((is) => is.or([is('e164', '=', e164), is(is.refTuple('list_id', 'e164'), 'in', placesOf(theirs))]))
      .executeTakeFirst()
    // Last: the contact id links the calls to the person.
    const contacts = await trx.deleteFrom('contacts').where('tenant_id', '=', tenantId).where('e164', '=', e164).executeTakeFirst()
    return {
      recordings: deleted,
      notes: Number(notes.numDeletedRows),
      tasks: Number(tasks.numDeletedRows),
      lists: Number(lists.numDeletedRows),
      contacts: Number(contacts.numDeletedRows),
    }
  })
}

/** Whether a call with this number is in progress, or its recording is not stored yet. */
async function isCallOpen(db: Database, tenantId: number, e164: string): Promise<boolean> {
  const calls = await callsOf(db, tenantId, e164)
  const call = await calls
    .leftJoin('recordings', 'recordings.call_id', 'calls.id')
    .select('calls.id')
    .where((is) => is.or([is('ended_at', 'is', null), is('recordings.state', '=', 'pending')]))
    .limit(1)
    .executeTakeFirst()
  return call !== undefined
}

/** Calls with a number, and calls with the lead that has it now, under any earlier number. */
async function callsOf(db: Database, tenantId: number, e164: string) {
  const lead = await findContactByNumber(db, tenantId, e164)
  return db
    .selectFrom('calls')
    .where('calls.tenant_id', '=', tenantId)
    .where((is) => is.or([is('calls.e164', '=', e164), ...(lead ? [is('calls.contact_id', '=', lead.id)] : [])]))
}

/** The list entries that these calls were made from. */
function placesOf(calls: Awaited<ReturnType<typeof callsOf>>) {
  return calls.select(['calls.list_id', 'calls.e164']).$narrowType<{ list_id: NotNull; e164: NotNull }>().$asTuple('list_id', 'e164')
}
