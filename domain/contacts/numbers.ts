import { sql } from 'kysely'
import type { Database, Trx } from '../database/pool.ts'
import { prepared } from '../database/prepared.ts'

/** The longest label of a number, such as `Celular`. */
export const longestNumberLabel = 40
/** The most numbers of one lead. */
export const mostNumbers = 20

export interface NewNumber {
  e164: string
  label: string
}

/** The label of a number that was typed with a note behind it, `3333-4309 ramal 20`: the note is part of it. May be too long. */
export function labelWith(label: string, note = ''): string {
  return [label, note].filter((part) => part !== '').join(', ')
}

/** A number of a lead. */
export interface ContactNumber extends NewNumber {
  /** 1, 2, 3 …: a click dials the first that is not barred. */
  position: number
  /** When the number was put on the do-not-call list; null = may be called. */
  do_not_call_at: Date | null
}

/** The numbers of a lead in order. Empty for another tenant's lead, as for an unknown id. */
export async function listContactNumbers(db: Database | Trx, tenantId: number, contactId: number): Promise<ContactNumber[]> {
  return numbersOf(db, { tenantId, contactId })
}

const numbersOf = prepared((db, { tenantId, contactId }: { tenantId: number; contactId: number }) =>
  numbersWithBar(db, tenantId).where('contact_id', '=', contactId).orderBy('position'),
)

/** A query on the numbers of a tenant's leads, each with its do-not-call entry. */
export function numbersWithBar(db: Database | Trx, tenantId: number) {
  return db
    .selectFrom('contact_numbers')
    .leftJoin('do_not_call', (join) =>
      join.onRef('do_not_call.tenant_id', '=', 'contact_numbers.tenant_id').onRef('do_not_call.e164', '=', 'contact_numbers.e164'),
    )
    .select(['contact_numbers.e164', 'label', 'position', 'do_not_call.created_at as do_not_call_at'])
    .where('contact_numbers.tenant_id', '=', tenantId)
}

/** The number that a click dials: the first that is not barred; if all are, the first, and the call is refused. */
export function numberToCall<N extends Pick<ContactNumber, 'do_not_call_at'>>(numbers: readonly N[]): N | undefined {
  return numbers.find(({ do_not_call_at }) => do_not_call_at === null) ?? numbers[0]
}

/** Whether the person asked for no calls at all. */
export function areAllBarred(numbers: readonly Pick<ContactNumber, 'do_not_call_at'>[]): boolean {
  return numbers.length > 0 && numbers.every(({ do_not_call_at }) => do_not_call_at !== null)
}

/** The number and its person's others; only the number itself if no lead has it. */
export async function listNumbersWith(db: Database | Trx, tenantId: number, e164: string): Promise<string[]> {
  const rows = await numbersWith(db, { tenantId, e164 })
  return rows.length === 0 ? [e164] : rows.map((row) => row.e164)
}

const numbersWith = prepared((db, { tenantId, e164 }: { tenantId: number; e164: string }) =>
  db
    .selectFrom('contact_numbers as asked')
    .innerJoin('contact_numbers as each', 'each.contact_id', 'asked.contact_id')
    .select('each.e164')
    .where('asked.tenant_id', '=', tenantId)
    .where('asked.e164', '=', e164)
    .orderBy('each.position'),
)

/** Columns that refer to a lead in a query. */
type LeadColumn = 'contacts.id' | 'call_list_entries.contact_id'

/** SQL: the number that a click on the lead dials. */
export function numberToCallOf(lead: LeadColumn) {
  return sql<string>`(
    select own.e164 from ${ownNumbers} where own.contact_id = ${sql.ref(lead)}
    order by barred.e164 is not null, own.position limit 1
  )`
}

/** SQL: when the last number of the lead was barred; null if one may be called. */
export function allBarredAt(lead: LeadColumn) {
  return sql<Date | null>`(
    select if(count(barred.e164) = count(*), max(barred.created_at), null) from ${ownNumbers} where own.contact_id = ${sql.ref(lead)}
  )`
}

/** SQL: all numbers of the lead in order, separated by spaces. */
export function allNumbersOf(lead: LeadColumn) {
  return sql<string>`(
    select group_concat(own.e164 order by own.position separator ' ') from contact_numbers as own where own.contact_id = ${sql.ref(lead)}
  )`
}

/** SQL: how many numbers the lead has. */
export function numberCountOf(lead: LeadColumn) {
  return sql<number>`(select count(*) from contact_numbers as own where own.contact_id = ${sql.ref(lead)})`
}

const ownNumbers = sql`contact_numbers as own
  left join do_not_call as barred on barred.tenant_id = own.tenant_id and barred.e164 = own.e164`
