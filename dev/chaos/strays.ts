import type { CallRow } from './observed-call.ts'

/** All data of a run that findStrays needs. Numbers are E.164. */
export interface Leftovers {
  planned: ReadonlySet<string>
  /** Planned and placed. */
  placed: ReadonlySet<string>
  rows: readonly Pick<CallRow, 'id' | 'e164' | 'tenant_id'>[]
  /** Charges of the ledger. */
  charges: readonly { call_id: string | null; tenant_id: number; seconds: number }[]
  /** The numbers that Asterisk dialled at the carrier. */
  dialled: readonly string[]
  /** By call id. */
  openLeases: readonly string[]
  spool: readonly string[]
}

/** One line for each row, charge or leftover without a placed call. */
export function findStrays({ planned, placed, rows, charges, dialled, openLeases, spool }: Leftovers): string[] {
  const rowsOf = Map.groupBy(rows, ({ e164 }) => e164 ?? '')
  const rowOf = new Map(rows.map((row) => [row.id, row]))
  return [
    ...rows.filter(({ e164 }) => !planned.has(e164 ?? '')).map(({ id, e164 }) => `${id}: a call to ${e164} that was never planned`),
    ...[...rowsOf.values()].filter((own) => own.length > 1).map((own) => `${own[0]?.id}: one call has ${own.length} rows`),
    // A failed click may leave a row, which ends without a call.
    ...dialled.filter((number) => !placed.has(number)).map((number) => `${number}: Asterisk dialled it without an agent's request`),
    ...dialled.filter((number) => !rowsOf.has(number)).map((number) => `${number}: Asterisk dialled it, but no row exists`),
    ...charges.flatMap(({ call_id, tenant_id, seconds }) => {
      const row = rowOf.get(call_id ?? '')
      if (!row || !placed.has(row.e164 ?? '')) return [`company ${tenant_id} was charged ${-seconds} s for a call that was not placed`]
      return row.tenant_id === tenant_id ? [] : [`${row.id}: a call of company ${row.tenant_id} was charged to company ${tenant_id}`]
    }),
    ...openLeases.map((callId) => `${callId}: its lease is still open`),
    ...spool.map((file) => `${file} is left in the spool`),
  ]
}
