import type { CallRow } from './evidence.ts'

/** Everything that a run left. Numbers are E.164. */
export interface Left {
  planned: ReadonlySet<string>
  /** Planned, and placed by what drives the run. */
  placed: ReadonlySet<string>
  rows: readonly Pick<CallRow, 'id' | 'e164' | 'tenant_id'>[]
  /** Lines of the statement that charge something. */
  charges: readonly { call_id: string | null; tenant_id: number; seconds: number }[]
  /** The numbers that we asked the carrier to call. */
  dialled: readonly string[]
  /** By call id. */
  openLeases: readonly string[]
  spool: readonly string[]
}

/** What no placed call explains, a line each. */
export function findStrays({ planned, placed, rows, charges, dialled, openLeases, spool }: Left): string[] {
  const rowsOf = Map.groupBy(rows, ({ e164 }) => e164 ?? '')
  const rowOf = new Map(rows.map((row) => [row.id, row]))
  return [
    ...rows.filter(({ e164 }) => !planned.has(e164 ?? '')).map(({ id, e164 }) => `${id}: a call to ${e164} that was never planned`),
    ...[...rowsOf.values()].filter((own) => own.length > 1).map((own) => `${own[0]?.id}: one call has ${own.length} rows`),
    // A click that its driver saw fail may have left a row, which ends without a call.
    ...dialled.filter((number) => !placed.has(number)).map((number) => `${number}: the carrier was called, and no agent asked for it`),
    ...dialled.filter((number) => !rowsOf.has(number)).map((number) => `${number}: the carrier was called, and no row tells of it`),
    ...charges.flatMap(({ call_id, tenant_id, seconds }) => {
      const row = rowOf.get(call_id ?? '')
      if (!row || !placed.has(row.e164 ?? '')) return [`company ${tenant_id} was charged ${-seconds} s for a call that was not placed`]
      return row.tenant_id === tenant_id ? [] : [`${row.id}: a call of company ${row.tenant_id} was charged to company ${tenant_id}`]
    }),
    ...openLeases.map((callId) => `${callId}: its lease is open still`),
    ...spool.map((file) => `${file} is left in the spool`),
  ]
}
