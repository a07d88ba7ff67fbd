import { sql } from 'kysely'
import { addTags } from '../contact-tags.ts'
import type { Database, Trx } from '../database/pool.ts'
import { inTransaction } from '../database/transaction.ts'
import { listDestinations } from '../destinations.ts'
import { findTenant } from '../tenants.ts'
import type { ColumnKind } from './columns.ts'
import { readCsvRows, type CsvRow } from './csv-rows.ts'
import { readRow, type ReadLead, type Reading, type RowFault } from './read-row.ts'
import type { ContactImport } from './imports.ts'

const rowsPerBatch = 500

/**
 * Reads a file in, batch by batch, each with its counts in one transaction: one that was interrupted goes on where it was.
 * Every row ends among the leads, merged with the lead who has its number, or among the faults.
 */
export async function runContactImport(db: Database, work: ContactImport, now: () => Date): Promise<void> {
  const rows = readCsvRows(work.content ?? '').slice(work.has_heading)
  const reading = await readingOf(db, work)
  const seen = new Set<string>()
  for (let at = 0; at < rows.length; at += rowsPerBatch) {
    const batch = readBatch(rows.slice(at, at + rowsPerBatch), reading, seen)
    if (at >= work.rows_done) await storeBatch(db, work, batch, { done: at + batch.rows, total: rows.length })
  }
  await db
    .updateTable('contact_imports')
    .set({ state: 'done', content: null, finished_at: now(), rows_total: rows.length, rows_done: rows.length })
    .where('id', '=', work.id)
    .where('state', '=', 'queued')
    .execute()
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

interface Batch {
  rows: number
  leads: Map<string, ReadLead>
  /** Numbers that the file has not had before. */
  first: Set<string>
  repeated: number
  faults: { row: CsvRow; fault: RowFault }[]
}

/** `seen`: the numbers of the file so far. A number that comes again is the same lead. */
function readBatch(rows: readonly CsvRow[], reading: Reading, seen: Set<string>): Batch {
  const batch: Batch = { rows: rows.length, leads: new Map(), first: new Set(), repeated: 0, faults: [] }
  for (const row of rows) {
    const leads = readRow(row, reading)
    if (typeof leads === 'string') {
      batch.faults.push({ row, fault: leads })
      continue
    }
    for (const lead of leads) {
      if (seen.has(lead.e164)) batch.repeated += 1
      else batch.first.add(lead.e164)
      seen.add(lead.e164)
      const before = batch.leads.get(lead.e164)
      batch.leads.set(
        lead.e164,
        before ? { ...before, company: before.company || lead.company, tags: [...before.tags, ...lead.tags] } : lead,
      )
    }
  }
  return batch
}

async function storeBatch(
  db: Database,
  work: ContactImport,
  batch: Batch,
  { done, total }: { done: number; total: number },
): Promise<void> {
  const leads = [...batch.leads.values()]
  await inTransaction(db, async (trx) => {
    const known = new Set((await findIds(trx, work.tenant_id, leads)).map(({ e164 }) => e164))
    if (leads.length > 0) await storeLeads(trx, work, leads)
    if (batch.faults.length > 0) {
      await trx
        .insertInto('contact_import_faults')
        .ignore()
        .values(batch.faults.map(({ row, fault }) => ({ import_id: work.id, line: row.line, text: row.text.slice(0, 15_000), fault })))
        .execute()
    }
    const merged = [...batch.first].filter((e164) => known.has(e164)).length
    await trx
      .updateTable('contact_imports')
      .set((set) => ({
        rows_total: total,
        rows_done: done,
        added: set('added', '+', batch.first.size - merged),
        merged: set('merged', '+', merged),
        repeated: set('repeated', '+', batch.repeated),
        faults: set('faults', '+', batch.faults.length),
      }))
      .where('id', '=', work.id)
      .execute()
  })
}

/** Who is there keeps their name, and gets a company where there was none; tags come together. */
async function storeLeads(trx: Trx, { tenant_id, tag }: ContactImport, leads: readonly ReadLead[]): Promise<void> {
  await trx
    .insertInto('contacts')
    .values(leads.map(({ name, company, e164 }) => ({ tenant_id, name, company, e164 })))
    .onDuplicateKeyUpdate({ company: sql`if(contacts.company = '', values(company), contacts.company)` })
    .execute()
  const tags = new Map(leads.map((lead) => [lead.e164, [...lead.tags, ...(tag === '' ? [] : [tag])]]))
  const ids = await findIds(trx, tenant_id, leads)
  await addTags(
    trx,
    tenant_id,
    ids.flatMap(({ id, e164 }) => (tags.get(e164) ?? []).map((each) => ({ contactId: id, tag: each }))),
  )
}

async function findIds(trx: Trx, tenantId: number, leads: readonly ReadLead[]): Promise<{ id: number; e164: string }[]> {
  if (leads.length === 0) return []
  const numbers = leads.map(({ e164 }) => e164)
  return trx.selectFrom('contacts').select(['id', 'e164']).where('tenant_id', '=', tenantId).where('e164', 'in', numbers).execute()
}
