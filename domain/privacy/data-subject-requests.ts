import { findContactByNumber } from '../contacts/contacts.ts'
import { listNumbersWith } from '../contacts/numbers.ts'
import type { Database } from '../database/pool.ts'
import { inTransaction } from '../database/transaction.ts'
import { deleteRecording, keptRecordings, type Places } from '../recordings/retention.ts'
import { lockTenant } from '../tenants/tenants.ts'

/**
 * Lists everything a company stores about the person with a number, for their right of access (LGPD, article 18). A person is a lead
 * with all its numbers, or the number alone if no lead has it. Recordings are named by their paths below the storage directory.
 */
export async function collectPersonData(db: Database, tenantId: number, e164: string): Promise<Record<string, unknown[]>> {
  const person = await findPerson(db, tenantId, e164)
  const { numbers } = person
  return {
    contacts: await db
      .selectFrom('contacts')
      .select(['name', 'company', 'email', 'city', 'notes', 'created_at'])
      .where('tenant_id', '=', tenantId)
      .where('id', '=', person.contactId)
      .execute(),
    numbers: await db
      .selectFrom('contact_numbers')
      .select(['e164', 'label'])
      .where('tenant_id', '=', tenantId)
      .where('e164', 'in', numbers)
      .orderBy('position')
      .execute(),
    tags: await db
      .selectFrom('contact_tags')
      .select('tag')
      .where('tenant_id', '=', tenantId)
      .where('contact_id', '=', person.contactId)
      .execute(),
    fields: await db
      .selectFrom('contact_fields')
      .select(['name', 'value'])
      .where('tenant_id', '=', tenantId)
      .where('contact_id', '=', person.contactId)
      .orderBy('position')
      .execute(),
    lists: await db
      .selectFrom('call_list_entries')
      .innerJoin('call_lists', 'call_lists.id', 'list_id')
      .select(['call_lists.name', 'state', 'attempts', 'changed_at'])
      .where('call_list_entries.tenant_id', '=', tenantId)
      .where('contact_id', '=', person.contactId)
      .execute(),
    tasks: await db
      .selectFrom('tasks')
      .select(['kind', 'note', 'due_at', 'created_at', 'done_at'])
      .where('tenant_id', '=', tenantId)
      .where((is) => is.or([is('e164', 'in', numbers), is('call_id', 'in', callsOf(db, tenantId, person).select('calls.id'))]))
      .execute(),
    calls: await callsOf(db, tenantId, person)
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
      .select(['e164', 'reason', 'created_at', 'asked_again_at'])
      .where('tenant_id', '=', tenantId)
      .where('e164', 'in', numbers)
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
 * Deletes what a company stores about the person with a number: name, numbers, details, tags, notes, tasks, list entries and recordings, also
 * those of calls under the lead's other and earlier numbers. The call itself stays, with its time, number and minutes, because the
 * company was charged for it. So do the do-not-call entries. `call-open`: a call with the person is in progress, or its recording is
 * not stored yet, and nothing was deleted.
 */
export async function erasePersonData(
  db: Database,
  places: Places,
  tenantId: number,
  e164: string,
  now: Date,
): Promise<ErasureResult | 'call-open'> {
  const person = await findPerson(db, tenantId, e164)
  if (await isCallOpen(db, tenantId, person)) return 'call-open'
  const calls = callsOf(db, tenantId, person).select('calls.id')
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
      .where((is) => is.or([is('e164', 'in', person.numbers), is('call_id', 'in', calls)]))
      .executeTakeFirst()
    const lists = await trx
      .deleteFrom('call_list_entries')
      .where('tenant_id', '=', tenantId)
      .where('contact_id', '=', person.contactId)
      .executeTakeFirst()
    // Last: the contact id links the calls to the person. The database deletes the numbers and tags of a lead with it.
    const contacts = await trx
      .deleteFrom('contacts')
      .where('tenant_id', '=', tenantId)
      .where('id', '=', person.contactId)
      .executeTakeFirst()
    return {
      recordings: deleted,
      notes: Number(notes.numDeletedRows),
      tasks: Number(tasks.numDeletedRows),
      lists: Number(lists.numDeletedRows),
      contacts: Number(contacts.numDeletedRows),
    }
  })
}

interface Person {
  /** 0 if no lead has the number. */
  contactId: number
  /** The number that was asked for, and the lead's others. */
  numbers: string[]
}

async function findPerson(db: Database, tenantId: number, e164: string): Promise<Person> {
  const lead = await findContactByNumber(db, tenantId, e164)
  return { contactId: lead?.id ?? 0, numbers: await listNumbersWith(db, tenantId, e164) }
}

/** Whether a call with this person is in progress, or its recording is not stored yet. */
async function isCallOpen(db: Database, tenantId: number, person: Person): Promise<boolean> {
  const call = await callsOf(db, tenantId, person)
    .leftJoin('recordings', 'recordings.call_id', 'calls.id')
    .select('calls.id')
    .where((is) => is.or([is('ended_at', 'is', null), is('recordings.state', '=', 'pending')]))
    .limit(1)
    .executeTakeFirst()
  return call !== undefined
}

/** Calls with a person's numbers, and calls with the lead under any earlier number. */
function callsOf(db: Database, tenantId: number, { contactId, numbers }: Person) {
  return db
    .selectFrom('calls')
    .where('calls.tenant_id', '=', tenantId)
    .where((is) => is.or([is('calls.e164', 'in', numbers), is('calls.contact_id', '=', contactId)]))
}
