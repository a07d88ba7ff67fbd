import type { Selectable } from 'kysely'
import type { Database } from '../database/pool.ts'
import type { LedgerEntriesTable } from '../database/schema/balance.ts'

/** A line of the statement, with the lead of a charged call. */
export interface StatementLine extends Selectable<LedgerEntriesTable> {
  contact_name: string | null
  e164: string | null
  /** The digits dialled on a phone. */
  dialled: string | null
}

/** A tenant's ledger, newest first: at most `limit` entries, older than `beforeId`, from `from` and before `until`. */
export async function listStatement(
  db: Database,
  tenantId: number,
  { beforeId, from, until, limit }: StatementPart = {},
): Promise<StatementLine[]> {
  let query = db
    .selectFrom('ledger_entries')
    .leftJoin('calls', 'calls.id', 'ledger_entries.call_id')
    .leftJoin('contacts', 'contacts.id', 'calls.contact_id')
    .selectAll('ledger_entries')
    .select(['contacts.name as contact_name', 'calls.e164', 'calls.dialled'])
    .where('ledger_entries.tenant_id', '=', tenantId)
  if (beforeId !== undefined) query = query.where('ledger_entries.id', '<', beforeId)
  if (from !== undefined) query = query.where('ledger_entries.created_at', '>=', from)
  if (until !== undefined) query = query.where('ledger_entries.created_at', '<', until)
  if (limit !== undefined) query = query.limit(limit)
  return query.orderBy('ledger_entries.id', 'desc').execute()
}

interface StatementPart {
  beforeId?: number | undefined
  from?: Date | undefined
  until?: Date | undefined
  limit?: number | undefined
}

/** A tenant's balance and the seconds that its calls in progress hold. */
export async function readBalance(db: Database, tenantId: number): Promise<{ balanceSeconds: number; heldSeconds: number }> {
  const row = await db
    .selectFrom('tenants')
    .select(['balance_seconds', 'held_seconds'])
    .where('id', '=', tenantId)
    .executeTakeFirstOrThrow()
  return { balanceSeconds: row.balance_seconds, heldSeconds: row.held_seconds }
}
