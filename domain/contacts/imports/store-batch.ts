import type { Database, Trx } from '../../database/pool.ts'
import { inTransaction, isDuplicate } from '../../database/transaction.ts'
import { collect, type Batch, type NotedRow, type ReadRow } from './collect.ts'
import { longestLine } from '../../runtime/sheet-limits.ts'
import type { ColumnKind } from './headings.ts'
import type { ContactImport } from './imports.ts'
import { findLeads } from './lead-rows.ts'
import { storeLeads } from './store-leads.ts'

/**
 * Stores a batch of rows and the progress of the import in one transaction. `seen` holds the numbers of earlier rows; this adds
 * those of the batch.
 */
export async function storeBatch(
  db: Database,
  work: ContactImport,
  rows: readonly ReadRow[],
  seen: Set<string>,
  progress: { columns: readonly ColumnKind[]; done: number; total: number },
  now: Date,
): Promise<void> {
  const store = () => inTransaction(db, (trx) => storeRows(trx, work, rows, seen, progress, now))
  // A person may add a lead with one of the numbers in between: then it is found.
  const { numbers } = await store().catch((error: unknown) => {
    if (isDuplicate(error)) return store()
    throw error
  })
  for (const e164 of numbers) seen.add(e164)
}

async function storeRows(
  trx: Trx,
  work: ContactImport,
  rows: readonly ReadRow[],
  seen: ReadonlySet<string>,
  { columns, done, total }: { columns: readonly ColumnKind[]; done: number; total: number },
  now: Date,
): Promise<Batch> {
  const numbers = new Set(rows.flatMap(({ reading }) => reading.leads.flatMap((lead) => lead.numbers.map(({ e164 }) => e164))))
  const known = await findLeads(trx, work.tenant_id, [...numbers])
  const batch = collect(rows, known, seen, { columns, tag: work.tag })
  await storeLeads(trx, work.tenant_id, [...batch.leads], now)
  await noteRows(trx, work.id, batch.noted)
  const count = (kind: NotedRow['kind']) => batch.noted.filter((each) => each.kind === kind).length
  await trx
    .updateTable('contact_imports')
    .set((set) => ({
      rows_total: total,
      rows_done: done,
      added: set('added', '+', batch.added),
      merged: set('merged', '+', batch.merged),
      repeated: set('repeated', '+', batch.repeated),
      faults: set('faults', '+', count('refused')),
      left_out: set('left_out', '+', count('left-out')),
      asked: set('asked', '+', count('asked')),
    }))
    .where('id', '=', work.id)
    .execute()
  return batch
}

/** Rows that need a look, with their text as it stood in the file. */
async function noteRows(trx: Trx, importId: number, rows: readonly NotedRow[]): Promise<void> {
  if (rows.length === 0) return
  await trx
    .insertInto('contact_import_faults')
    .ignore()
    .values(
      rows.map(({ row, kind, fault, cells }) => ({
        import_id: importId,
        line: row.line,
        kind,
        fault,
        text: row.text.slice(0, longestLine),
        cells_json: JSON.stringify(cells.slice(0, mostNotedCells).map((cell) => ({ ...cell, text: cell.text.slice(0, 200) }))),
      })),
    )
    .execute()
}

const mostNotedCells = 20
