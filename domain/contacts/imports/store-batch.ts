import { sql } from 'kysely'
import { addTags, findTagKeys, mostTags, tagKey } from '../tags.ts'
import type { Database, Trx } from '../../database/pool.ts'
import { inTransaction } from '../../database/transaction.ts'
import type { CsvRow } from './csv-rows.ts'
import type { ContactImport } from './imports.ts'
import type { ReadLead, RowFault } from './read-row.ts'

export interface ReadRow {
  row: CsvRow
  leads: ReadLead[] | RowFault
}

/**
 * Stores a batch of rows and the progress of the import in one transaction. `seen` holds the numbers of earlier rows; this adds
 * those of the batch.
 */
export async function storeBatch(
  db: Database,
  work: ContactImport,
  rows: readonly ReadRow[],
  seen: Set<string>,
  { done, total }: { done: number; total: number },
): Promise<void> {
  const numbers = new Set(rows.flatMap(({ leads }) => (typeof leads === 'string' ? [] : leads.map(({ e164 }) => e164))))
  const tagOfAll = work.tag === '' ? [] : [work.tag]
  const { leads } = await inTransaction(db, async (trx) => {
    const known = await findIds(trx, work.tenant_id, [...numbers])
    const keys = await findTagKeys(trx, work.tenant_id, [...known.values()])
    const tags = new Map([...known].map(([e164, id]) => [e164, keys.get(id) ?? new Set<string>()]))
    const batch = collect(rows, seen, tags, tagOfAll)
    await storeLeads(trx, work, [...batch.leads.values()], tagOfAll)
    if (batch.faults.length > 0) {
      await trx
        .insertInto('contact_import_faults')
        .ignore()
        .values(batch.faults.map(({ row, fault }) => ({ import_id: work.id, line: row.line, text: row.text.slice(0, 15_000), fault })))
        .execute()
    }
    const merged = batch.first.filter((e164) => known.has(e164)).length
    await trx
      .updateTable('contact_imports')
      .set((set) => ({
        rows_total: total,
        rows_done: done,
        added: set('added', '+', batch.first.length - merged),
        merged: set('merged', '+', merged),
        repeated: set('repeated', '+', batch.repeated),
        faults: set('faults', '+', batch.faults.length),
      }))
      .where('id', '=', work.id)
      .execute()
    return batch
  })
  for (const e164 of leads.keys()) seen.add(e164)
}

interface Batch {
  leads: Map<string, ReadLead>
  /** Numbers that appear for the first time in the file. */
  first: string[]
  repeated: number
  faults: { row: CsvRow; fault: RowFault }[]
}

/** `seen`: the numbers of the file so far; a repeated number is the same lead. `tags`: the tags of each number's lead. */
function collect(rows: readonly ReadRow[], seen: ReadonlySet<string>, tags: Map<string, Set<string>>, tagOfAll: string[]): Batch {
  const batch: Batch = { leads: new Map(), first: [], repeated: 0, faults: [] }
  for (const { row, leads } of rows) {
    if (typeof leads === 'string') batch.faults.push({ row, fault: leads })
    else if (leads.some(hasTooManyTags)) batch.faults.push({ row, fault: 'tags-many' })
    else leads.forEach(add)
  }
  return batch

  function hasTooManyTags(lead: ReadLead): boolean {
    const united = tagsWith(lead)
    return united.size > mostTags && united.size > (tags.get(lead.e164)?.size ?? 0)
  }

  function tagsWith(lead: ReadLead): Set<string> {
    return new Set([...(tags.get(lead.e164) ?? []), ...lead.tags.map(tagKey), ...tagOfAll.map(tagKey)])
  }

  function add(lead: ReadLead): void {
    const { e164 } = lead
    const before = batch.leads.get(e164)
    if (before || seen.has(e164)) batch.repeated += 1
    else batch.first.push(e164)
    tags.set(e164, tagsWith(lead))
    const company = before?.company || lead.company
    batch.leads.set(e164, { ...(before ?? lead), company, tags: [...new Set([...(before?.tags ?? []), ...lead.tags])] })
  }
}

/** An existing lead keeps its name, gets a company if it had none, and gains the tags of the rows. */
async function storeLeads(trx: Trx, { tenant_id }: ContactImport, leads: readonly ReadLead[], tagOfAll: readonly string[]): Promise<void> {
  if (leads.length === 0) return
  await trx
    .insertInto('contacts')
    .values(leads.map(({ name, company, e164 }) => ({ tenant_id, name, company, e164 })))
    .onDuplicateKeyUpdate({ company: sql`if(contacts.company = '', values(company), contacts.company)` })
    .execute()
  const numbers = leads.map(({ e164 }) => e164)
  const ids = await findIds(trx, tenant_id, numbers)
  await addTags(
    trx,
    tenant_id,
    leads.flatMap(({ e164, tags }) => [...tags, ...tagOfAll].map((tag) => ({ contactId: ids.get(e164) ?? 0, tag }))),
  )
}

/** The lead of each number, if any, locked until the transaction ends. */
async function findIds(trx: Trx, tenantId: number, numbers: readonly string[]): Promise<Map<string, number>> {
  if (numbers.length === 0) return new Map()
  const rows = await trx
    .selectFrom('contacts')
    .select(['id', 'e164'])
    .where('tenant_id', '=', tenantId)
    .where('e164', 'in', numbers)
    .forUpdate()
    .execute()
  return new Map(rows.map(({ id, e164 }) => [e164, id]))
}
