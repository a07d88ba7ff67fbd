import type { Database, Trx } from '../../database/pool.ts'
import { joinContacts, moveNumbers } from '../join-contacts.ts'
import { inTransaction, isDuplicate } from '../../database/transaction.ts'
import { addDoNotCallLike } from '../../policy/do-not-call.ts'
import { areAllBarred, mostNumbers } from '../numbers.ts'
import { listTagsOf } from '../tags.ts'
import { readCsvRows, type CsvRow } from './csv-rows.ts'
import { listNotedRows, type ContactImport } from './imports.ts'
import type { LeadDraft } from './lead-draft.ts'
import { findLeads } from './lead-rows.ts'
import { readingOf, storedChoice } from './reading.ts'
import { readRow, type ReadLead } from './read-row.ts'
import { digestOf, type ShownLead } from './shown-leads.ts'
import { storeLeads } from './store-leads.ts'

type Asked = Pick<ContactImport, 'id' | 'tenant_id' | 'columns_json' | 'heading_json' | 'assumes_area_code' | 'separator_char'>

/** A row whose numbers belong to several leads. */
export interface ImportQuestion {
  row: CsvRow
  person: ReadLead | null
  /** The leads, oldest first. */
  leads: ShownLead[]
  /** What an answer must send back as `shown`. */
  digest: string
}

/** Rows of an import that wait for an answer, at most `limit`. */
export async function listQuestions(db: Database, work: Asked, limit: number): Promise<ImportQuestion[]> {
  const rows = await listNotedRows(db, work.tenant_id, work.id, { kinds: ['asked'], limit })
  if (rows.length === 0) return []
  const read = await rowReader(db, work)
  return Promise.all(
    rows.map(async ({ line, text }) => {
      const { row, person } = read(line, text)
      const leads = await leadsWith(db, work.tenant_id, person?.numbers.map(({ e164 }) => e164) ?? [])
      return { row, person, leads, digest: digestOf(leads) }
    }),
  )
}

async function leadsWith(db: Database, tenantId: number, e164s: readonly string[]): Promise<ShownLead[]> {
  if (e164s.length === 0) return []
  const rows = await db
    .selectFrom('contact_numbers as asked')
    .innerJoin('contacts', 'contacts.id', 'asked.contact_id')
    .innerJoin('contact_numbers as each', 'each.contact_id', 'contacts.id')
    .select(['contacts.id', 'name', 'company', 'each.e164'])
    .distinct()
    .where('asked.tenant_id', '=', tenantId)
    .where('asked.e164', 'in', e164s)
    .orderBy('contacts.id')
    .execute()
  return [...Map.groupBy(rows, ({ id }) => id).values()].flatMap((own) => {
    const [first] = own
    return first ? [{ id: first.id, name: first.name, company: first.company, e164s: own.map(({ e164 }) => e164) }] : []
  })
}

export interface QuestionAnswer {
  line: number
  /** The lead that the row belongs to. */
  contactId: number
  /** The digest of the question that the person saw. */
  shown: string
}

export type QuestionAnswered = 'done' | 'gone' | 'changed' | 'too-many'

/**
 * Joins the person of a row to one of the leads that have its numbers: the lead gets the numbers of the row, also those that another
 * lead has, and what else the row says. A lead that keeps no number is the same person: its calls, tags and places in lists move too,
 * and it is deleted. `gone`: the row was answered before, or the lead has none of its numbers. `changed`: the leads with the numbers of
 * the row are not those that the person saw, and nothing changes.
 */
export async function answerQuestion(db: Database, work: Asked, answer: QuestionAnswer, now: Date): Promise<QuestionAnswered> {
  const read = await rowReader(db, work)
  try {
    return await inTransaction(db, async (trx) => {
      const text = await lockQuestion(trx, work, answer.line)
      const person = text === null ? null : read(answer.line, text).person
      return person === null ? 'gone' : joinPerson(trx, work, answer, person, now)
    })
  } catch (error) {
    // Another lead got one of the numbers while this transaction waited for the locks.
    if (isDuplicate(error)) return 'changed'
    throw error
  }
}

async function joinPerson(
  trx: Trx,
  work: Asked,
  { line, contactId, shown }: QuestionAnswer,
  person: ReadLead,
  now: Date,
): Promise<QuestionAnswered> {
  const e164s = person.numbers.map(({ e164 }) => e164)
  const known = await findLeads(trx, work.tenant_id, e164s)
  const owners = [...new Set(e164s.flatMap((e164) => known.get(e164) ?? []))]
  if (digestOf(owners.map(asShown)) !== shown) return 'changed'
  const target = owners.find(({ id }) => id === contactId)
  if (!target) return 'gone'
  if (new Set([...target.before.map(({ e164 }) => e164), ...e164s]).size > mostNumbers) return 'too-many'
  const others = owners.filter((each) => each !== target)
  for (const other of others) await takeFrom(trx, work.tenant_id, target, other, e164s)
  target.take(person)
  await storeLeads(trx, work.tenant_id, [target], now)
  await barLikeAny(trx, work.tenant_id, target, [target, ...others.filter((other) => keepsNoNumber(other, e164s))], now)
  await close(trx, work, line, 'merged')
  return 'done'
}

/** Leaves the row out: it is among the refused ones from now on. False if it was answered before. */
export async function leaveOut(db: Database, work: Asked, line: number): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    if ((await lockQuestion(trx, work, line)) === null) return false
    await close(trx, work, line, 'faults')
    return true
  })
}

function asShown({ id, details: { name, company }, before }: LeadDraft): ShownLead {
  return { id: id ?? 0, name, company, e164s: before.map(({ e164 }) => e164) }
}

async function takeFrom(trx: Trx, tenantId: number, target: LeadDraft, other: LeadDraft, e164s: readonly string[]): Promise<void> {
  const [from, to] = [other.id ?? 0, target.id ?? 0]
  target.receive(other.before.filter(({ e164 }) => e164s.includes(e164)))
  if (!keepsNoNumber(other, e164s)) return moveNumbers(trx, tenantId, { from, to }, e164s)
  const tags = await listTagsOf(trx, tenantId, from)
  const { name, company } = target.details
  const names = [other.details.name, other.details.company].filter((text) => text !== '' && text !== name && text !== company).join(', ')
  const notes = [names, other.details.notes].filter((text) => text !== '').join('\n')
  target.take({ ...other.details, notes, numbers: [], tags, fields: [...other.fields] })
  await joinContacts(trx, tenantId, { from, to })
}

function keepsNoNumber({ before }: LeadDraft, e164s: readonly string[]): boolean {
  return before.every(({ e164 }) => e164s.includes(e164))
}

/** One of the leads asked for no calls, and all are one person: none of the numbers is called. */
async function barLikeAny(trx: Trx, tenantId: number, target: LeadDraft, leads: readonly LeadDraft[], now: Date): Promise<void> {
  const barred = leads.find(({ before }) => areAllBarred(before))?.before[0]
  const numbers = target.numbers.map(({ e164 }) => e164)
  if (barred) await addDoNotCallLike(trx, tenantId, barred.e164, numbers, now)
}

/** The text of a row that waits for an answer, locked until the transaction ends, or null. */
async function lockQuestion(trx: Trx, work: Asked, line: number): Promise<string | null> {
  const row = await trx
    .selectFrom('contact_import_faults')
    .innerJoin('contact_imports', 'contact_imports.id', 'import_id')
    .select('text')
    .where('contact_imports.tenant_id', '=', work.tenant_id)
    .where('import_id', '=', work.id)
    .where('line', '=', line)
    .where('kind', '=', 'asked')
    .forUpdate()
    .executeTakeFirst()
  return row?.text ?? null
}

async function close(trx: Trx, work: Asked, line: number, count: 'merged' | 'faults'): Promise<void> {
  const row = trx.updateTable('contact_import_faults').set({ kind: 'refused' }).where('import_id', '=', work.id).where('line', '=', line)
  const gone = trx.deleteFrom('contact_import_faults').where('import_id', '=', work.id).where('line', '=', line)
  await (count === 'faults' ? row : gone).execute()
  await trx
    .updateTable('contact_imports')
    .set((set) => ({ asked: set('asked', '-', 1), [count]: set(count, '+', 1) }))
    .where('tenant_id', '=', work.tenant_id)
    .where('id', '=', work.id)
    .execute()
}

async function rowReader(db: Database, work: Asked): Promise<(line: number, text: string) => { row: CsvRow; person: ReadLead | null }> {
  const reading = await readingOf(db, work.tenant_id, storedChoice(work))
  return (line, text) => {
    const [read] = readCsvRows(text, work.separator_char)
    const row = { line, text, cells: read?.cells ?? null, fault: read?.fault ?? null }
    return { row, person: readRow(row, reading).leads[0] ?? null }
  }
}
