import type { Database } from '../../database/pool.ts'
import { inTurns, perTurn } from '../../runtime/sheet-limits.ts'
import type { ReadRow } from './collect.ts'
import type { CsvRow } from './csv-rows.ts'
import { fileRows } from './file-rows.ts'
import { listNotedRows, type ContactImport } from './imports.ts'
import { readingOf, storedChoice } from './reading.ts'
import { readRow, type Reading } from './read-row.ts'
import { storeBatch } from './store-batch.ts'

/**
 * Imports a file batch by batch. Each batch and its counts share a transaction, so an interrupted import continues where it
 * stopped. Every row ends as a new lead, as a merge into an existing lead, or among the rows that need a look.
 */
export async function runContactImport(db: Database, work: ContactImport, now: () => Date): Promise<void> {
  const total = await countRows(work)
  const reading = await readingOf(db, work.tenant_id, storedChoice(work))
  const seen = new Set<string>()
  let done = 0
  for (const rows of batchesOf(work)) {
    done += rows.length
    const { columns } = reading
    if (done > work.rows_done) await storeBatch(db, work, readRows(rows, reading), seen, { columns, done, total }, now())
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
  const rows = inTurns(fileRows(work), ({ text }) => text)
  let count = 0
  while (!(await rows.next()).done) count += 1
  return count
}

/**
 * A batch is read in one turn of the event loop and stored in one transaction. It ends where an interrupted run stopped, whatever
 * size the batches of that run had.
 */
export function* batchesOf(work: Pick<ContactImport, 'content' | 'has_heading' | 'rows_done'>): Generator<CsvRow[], void> {
  let [batch, letters, read]: [CsvRow[], number, number] = [[], 0, 0]
  for (const row of fileRows(work)) {
    batch.push(row)
    letters += row.text.length
    read += 1
    if (batch.length < perTurn.lines && letters < perTurn.letters && read !== work.rows_done) continue
    yield batch
    ;[batch, letters] = [[], 0]
  }
  if (batch.length > 0) yield batch
}

function readRows(rows: readonly CsvRow[], reading: Reading): ReadRow[] {
  return rows.map((row) => ({ row, reading: readRow(row, reading) }))
}

/** Rows stored by an earlier run. Their numbers count as seen. */
async function noteStored(db: Database, work: ContactImport, rows: readonly ReadRow[], seen: Set<string>): Promise<void> {
  const [first = 0, last = 0] = [rows[0]?.row.line, rows.at(-1)?.row.line]
  const noted = await listNotedRows(db, work.tenant_id, work.id, {
    kinds: ['refused', 'asked'],
    limit: rows.length,
    afterLine: first - 1,
  })
  const kept = new Set(noted.filter(({ line }) => line <= last).map(({ line }) => line))
  for (const { row, reading } of rows)
    if (!kept.has(row.line)) for (const { numbers } of reading.leads) for (const { e164 } of numbers) seen.add(e164)
}
