import type { Selectable } from 'kysely'
import type { Database } from '../../database/pool.ts'
import type { ContactImportFaultsTable, ContactImportsTable } from '../../database/schema/contacts.ts'
import type { Choice } from './reading.ts'

export type ContactImport = Selectable<ContactImportsTable>
/** A row of a file that is no lead, waits for an answer, or came in without some of its cells. */
export type NotedImportRow = Selectable<ContactImportFaultsTable>

/** Stores an uploaded file until the manager names its columns. */
export async function stageImport(
  db: Database,
  tenantId: number,
  { userId, fileName, content }: { userId: number; fileName: string; content: string },
  now: Date,
): Promise<number> {
  const inserted = await db
    .insertInto('contact_imports')
    .values({ tenant_id: tenantId, created_by: userId, created_at: now, file_name: fileName.slice(0, 200), content, state: 'preview' })
    .executeTakeFirstOrThrow()
  return Number(inserted.insertId)
}

export async function findImport(db: Database, tenantId: number, importId: number): Promise<ContactImport | null> {
  const query = db.selectFrom('contact_imports').selectAll().where('tenant_id', '=', tenantId).where('id', '=', importId)
  return (await query.executeTakeFirst()) ?? null
}

/** The same without its content, which may be megabytes. The status page reads this. */
export async function findProgress(db: Database, tenantId: number, importId: number): Promise<Omit<ContactImport, 'content'> | null> {
  const query = db
    .selectFrom('contact_imports')
    .select(['id', 'tenant_id', 'created_by', 'created_at', 'file_name', 'columns_json', 'heading_json', 'has_heading', 'separator_char'])
    .select(['assumes_area_code', 'tag', 'state', 'finished_at', 'tries', 'retry_at'])
    .select(['rows_total', 'rows_done', 'added', 'merged', 'repeated', 'faults', 'left_out', 'asked'])
    .where('tenant_id', '=', tenantId)
    .where('id', '=', importId)
  return (await query.executeTakeFirst()) ?? null
}

/**
 * Stores what a person chose for a file, and with `queued` hands the file to the worker. False if the worker has it already.
 */
export async function storeChoice(
  db: Database,
  tenantId: number,
  importId: number,
  { columns, heading, separator, assumesAreaCode, tag }: Choice & { separator: string; tag: string },
  state: 'preview' | 'queued',
): Promise<boolean> {
  const stored = await db
    .updateTable('contact_imports')
    .set({ columns_json: JSON.stringify(columns), heading_json: JSON.stringify(heading), has_heading: heading.length > 0 })
    .set({ separator_char: separator, assumes_area_code: assumesAreaCode, tag, state })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', importId)
    .where('state', '=', 'preview')
    .executeTakeFirst()
  return stored.numUpdatedRows === 1n
}

/** The oldest queued import of all companies that does not pause after a failed try. */
export async function findQueuedImport(db: Database, now: Date): Promise<ContactImport | null> {
  const query = db
    .selectFrom('contact_imports')
    .selectAll()
    .where('state', '=', 'queued')
    .where((eb) => eb.or([eb('retry_at', 'is', null), eb('retry_at', '<=', now)]))
    .orderBy('id')
    .limit(1)
  return (await query.executeTakeFirst()) ?? null
}

/** Rows of an import that need a look: those of these kinds after `afterLine`, at most `limit`. */
export async function listNotedRows(
  db: Database,
  tenantId: number,
  importId: number,
  { kinds, limit, afterLine = 0 }: { kinds: readonly NotedImportRow['kind'][]; limit: number; afterLine?: number },
): Promise<NotedImportRow[]> {
  return db
    .selectFrom('contact_import_faults')
    .innerJoin('contact_imports', 'contact_imports.id', 'contact_import_faults.import_id')
    .selectAll('contact_import_faults')
    .where('contact_imports.tenant_id', '=', tenantId)
    .where('contact_imports.id', '=', importId)
    .where('contact_import_faults.kind', 'in', kinds)
    .where('contact_import_faults.line', '>', afterLine)
    .orderBy('contact_import_faults.line')
    .limit(limit)
    .execute()
}

/** Deletes uploaded files that were never imported. */
export async function forgetStagedImports(db: Database, before: Date): Promise<void> {
  await db.deleteFrom('contact_imports').where('state', '=', 'preview').where('created_at', '<', before).execute()
}
