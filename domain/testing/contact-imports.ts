import { firstRow } from '../contacts/imports/file-rows.ts'
import type { ColumnKind } from '../contacts/imports/headings.ts'
import { findImport, findQueuedImport, stageImport, storeChoice, type ContactImport } from '../contacts/imports/imports.ts'
import { runContactImport } from '../contacts/imports/run.ts'
import type { Database } from '../database/pool.ts'
import { second } from './steps.ts'

interface Options {
  hasHeading?: boolean
  tag?: string
  assumesAreaCode?: boolean
  now?: () => Date
}

/** A manager uploads a file and chooses its columns, and the worker, with its own rights, imports it. Returns the finished import. */
export async function importContacts(
  { db, worker }: { db: Database; worker: Database },
  { tenantId, userId }: { tenantId: number; userId: number },
  content: string,
  columns: ColumnKind[],
  { hasHeading = true, tag = '', assumesAreaCode = false, now = () => second(9) }: Options = {},
): Promise<ContactImport> {
  const id = await stageImport(db, tenantId, { userId, fileName: 'leads.csv', content }, second(0))
  const heading = hasHeading ? firstRow(content) : []
  await storeChoice(db, tenantId, id, { columns, heading, separator: ';', assumesAreaCode, tag }, 'queued')
  const work = await findQueuedImport(db, second(0))
  if (!work) throw new Error('nothing is queued')
  await runContactImport(worker, work, now)
  const done = await findImport(db, tenantId, id)
  if (!done) throw new Error('it is gone')
  return done
}
