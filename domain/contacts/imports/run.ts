import type { Database } from '../../database/pool.ts'
import { listDestinations } from '../../policy/destination-rules.ts'
import { inTurns } from '../../runtime/sheet-limits.ts'
import { findTenant } from '../../tenants/tenants.ts'
import type { ColumnKind } from './columns.ts'
import { readCsvRows, type CsvRow } from './csv-rows.ts'
import { listFaults, type ContactImport } from './imports.ts'
import { readRow, type Reading } from './read-row.ts'
import { storeBatch, type ReadRow } from './store-batch.ts'

const rowsPerBatch = 500
/** Rows are read in one turn of the event loop and stored in one transaction. Long rows make a batch shorter. */
const lettersPerBatch = 32_000

/**
 * Imports a file batch by batch. Each batch and its counts share a transaction, so an interrupted import continues where it
 * stopped. Every row ends as a new lead, as a merge into an existing lead, or as a fault.
 */
export async function runContactImport(db: Database, work: ContactImport, now: () => Date): Promise<void> {
  const total = await countRows(work)
  const reading = await readingOf(db, work)
  const seen = new Set<string>()
  let done = 0
  for (const rows of batchesOf(work)) {
    done += rows.length
    if (done > work.rows_done) await storeBatch(db, work, readRows(rows, reading), seen, { done, total })
    else await noteStored(db, work, readRows(rows, reading), seen)
  }
  await db
    .updateTable('contact_imports')
    .set({ state: 'done', content: null, finished_at: now(), rows_total: total, rows_done: total })
    .where('id', '=', work.id)
    .where('state', '=', 'queued')
    .execute()
}

async function countRows(work: ContactImport): Promise<number> {
  const rows = inTurns(rowsOf(work), ({ text }) => text)
  let count = 0
  while (!(await rows.next()).done) count += 1
  return count
}

function* rowsOf({ content, has_heading }: Pick<ContactImport, 'content' | 'has_heading'>): Generator<CsvRow, void> {
  const rows = readCsvRows(content ?? '')
  if (has_heading === 1) rows.next()
  yield* rows
}

/** A batch ends where an interrupted run stopped, whatever size its batches had. */
export function* batchesOf(work: Pick<ContactImport, 'content' | 'has_heading' | 'rows_done'>): Generator<CsvRow[], void> {
  let [batch, letters, read]: [CsvRow[], number, number] = [[], 0, 0]
  for (const row of rowsOf(work)) {
    batch.push(row)
    letters += row.text.length
    read += 1
    if (batch.length < rowsPerBatch && letters < lettersPerBatch && read !== work.rows_done) continue
    yield batch
    ;[batch, letters] = [[], 0]
  }
  if (batch.length > 0) yield batch
}

async function readingOf(db: Database, { tenant_id, columns_json }: ContactImport): Promise<Reading> {
  const { default_area_code } = await findTenant(db, tenant_id)
  const destinations = await listDestinations(db, tenant_id)
  return {
    columns: JSON.parse(columns_json) as ColumnKind[],
    defaultAreaCode: default_area_code,
    allowed: new Set([...destinations].filter(([, allowed]) => allowed).map(([destination]) => destination)),
  }
}

function readRows(rows: readonly CsvRow[], reading: Reading): ReadRow[] {
  return rows.map((row) => ({ row, leads: readRow(row, reading) }))
}

/** Rows stored by an earlier run. Their numbers count as seen. */
async function noteStored(db: Database, work: ContactImport, rows: readonly ReadRow[], seen: Set<string>): Promise<void> {
  const [first = 0, last = 0] = [rows[0]?.row.line, rows.at(-1)?.row.line]
  const faults = await listFaults(db, work.tenant_id, work.id, rows.length, first - 1)
  const refused = new Set(faults.filter(({ line }) => line <= last).map(({ line }) => line))
  for (const { row, leads } of rows) if (typeof leads !== 'string' && !refused.has(row.line)) for (const { e164 } of leads) seen.add(e164)
}
