import type { Selectable } from 'kysely'
import type { Database } from '../../database/pool.ts'
import type { CallListEntriesTable } from '../../database/schema/contacts.ts'
import { allBarredAt, allNumbersOf, numberToCallOf } from '../../contacts/numbers.ts'
import type { AgentRef } from './hold.ts'

export type CallListEntry = Selectable<CallListEntriesTable>
export type EntryState = CallListEntry['state']

export const entryStates = ['waiting', 'done', 'passed'] as const

/** An entry with its lead. */
export interface ListedEntry extends CallListEntry {
  contact_name: string
  contact_company: string
  /** The number that a click dials. */
  e164: string
  /** All numbers of the lead in order, separated by spaces. */
  numbers: string
  /** The agent who held it last. */
  agent_name: string | null
  /** When the last of the lead's numbers was barred; null = one may be called. */
  do_not_call_at: Date | null
}

/** The entries of a list in order, at most `limit`, after the entry `afterId`. */
export async function listEntries(
  db: Database,
  tenantId: number,
  listId: number,
  { state = null, afterId = 0, limit = 100 }: { state?: EntryState | null; afterId?: number; limit?: number } = {},
): Promise<ListedEntry[]> {
  let query = listedEntries(db, tenantId).where('call_list_entries.list_id', '=', listId).where('call_list_entries.id', '>', afterId)
  if (state !== null) query = query.where('call_list_entries.state', '=', state)
  return query.orderBy('call_list_entries.id').limit(limit).execute()
}

/** The entry that an agent holds in a list, to call or just called. Null if the agent holds none, or the hold has expired. */
export async function findHeldEntry(db: Database, { tenantId, agentId }: AgentRef, listId: number, now: Date): Promise<ListedEntry | null> {
  const entry = await listedEntries(db, tenantId)
    .where('call_list_entries.list_id', '=', listId)
    .where('call_list_entries.held_by', '=', agentId)
    .where('call_list_entries.held_until', '>', now)
    .executeTakeFirst()
  return entry ?? null
}

/** The number of entries of a list by state and reason. */
export async function countReasons(
  db: Database,
  tenantId: number,
  listId: number,
): Promise<{ state: EntryState; reason: string | null; count: number }[]> {
  return db
    .selectFrom('call_list_entries')
    .select(({ fn }) => ['state', 'reason', fn.countAll<number>().as('count')])
    .where('tenant_id', '=', tenantId)
    .where('list_id', '=', listId)
    .groupBy(['state', 'reason'])
    .orderBy('state')
    .orderBy('count', 'desc')
    .orderBy('reason')
    .execute()
}

/** The calls made and answered by each agent of a list. */
export async function countByAgent(
  db: Database,
  tenantId: number,
  listId: number,
): Promise<{ agentId: number; name: string; calls: number; answered: number }[]> {
  return db
    .selectFrom('calls')
    .innerJoin('agents', 'agents.id', 'calls.agent_id')
    .innerJoin('users', 'users.id', 'agents.user_id')
    .select(({ fn, eb }) => [
      'agents.id as agentId',
      'users.name',
      fn.countAll<number>().as('calls'),
      fn.count<number>(eb.case().when('calls.outcome', '=', 'answered').then(1).end()).as('answered'),
    ])
    .where('calls.tenant_id', '=', tenantId)
    .where('calls.list_id', '=', listId)
    .groupBy(['agents.id', 'users.name'])
    .orderBy('calls', 'desc')
    .execute()
}

function listedEntries(db: Database, tenantId: number) {
  return db
    .selectFrom('call_list_entries')
    .innerJoin('contacts', 'contacts.id', 'call_list_entries.contact_id')
    .leftJoin('agents', 'agents.id', 'call_list_entries.agent_id')
    .leftJoin('users', 'users.id', 'agents.user_id')
    .selectAll('call_list_entries')
    .select(['contacts.name as contact_name', 'contacts.company as contact_company', 'users.name as agent_name'])
    .select([
      numberToCallOf('call_list_entries.contact_id').as('e164'),
      allNumbersOf('call_list_entries.contact_id').as('numbers'),
      allBarredAt('call_list_entries.contact_id').as('do_not_call_at'),
    ])
    .where('call_list_entries.tenant_id', '=', tenantId)
}
