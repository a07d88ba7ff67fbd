import { Router, type Request, type Response } from 'express'
import { columnKinds, guessColumns, isHeading, type ColumnKind } from '../../../domain/contacts/imports/columns.ts'
import { readCsvRows } from '../../../domain/contacts/imports/csv-rows.ts'
import {
  findImport,
  findProgress,
  listFaults,
  queueImport,
  stageImport,
  type ContactImport,
} from '../../../domain/contacts/imports/imports.ts'
import type { RowFault } from '../../../domain/contacts/imports/read-row.ts'
import { readTags } from '../../../domain/contacts/tags.ts'
import { findExcess, longestLine, mostColumns, mostLines, type SheetFault } from '../../../domain/runtime/sheet-limits.ts'
import { findTenant } from '../../../domain/tenants/tenants.ts'
import type { WebContext } from '../../http/context.ts'
import { found, idIn } from '../../http/errors.ts'
import { wordsOf } from '../../http/locale.ts'
import { renderFragment, renderPage } from '../../http/render-page.ts'
import { currentUser, requireManager } from '../../http/current-user.ts'
import { field, hasField, isTarget } from '../../http/request.ts'
import { sendCsv } from '../../http/send-csv.ts'
import { seeOther } from '../../auth/sessions.ts'
import { importCountTexts, importProgressText } from '../../wording/contact-import.ts'

const previewed = 5
const explained = 200
const faultsPerBatch = 1000

/** Many leads at once: a file, what its columns are, and what came of each of its rows. The worker reads it in. */
export function contactImportRoutes(context: WebContext): Router {
  const router = Router()
  const { db, clock, log } = context

  router.get('/contact-imports/new', async (req, res) => {
    requireManager(currentUser(res))
    await showNew(req, res, null)
  })

  router.post('/contact-imports', async (req, res) => {
    const user = requireManager(currentUser(res))
    const content = field(req, 'file')
    const mistake = findMistake(content)
    if (mistake !== null) return showNew(req, res, mistake)
    const id = await stageImport(db, user.tenantId, { userId: user.id, fileName: field(req, 'file-name'), content }, clock.now())
    await seeOther(req, res, `/contact-imports/${id}`)
  })

  router.get('/contact-imports/:id', async (req, res) => {
    const { tenantId } = requireManager(currentUser(res))
    const progress = found(await findProgress(db, tenantId, idIn(req.params.id)))
    if (progress.state === 'preview') return showPreview(req, res, found(await findImport(db, tenantId, progress.id)), null)
    const { default_area_code } = await findTenant(db, tenantId)
    const faults = progress.state === 'done' ? await listFaults(db, tenantId, progress.id, explained) : []
    const words = wordsOf(res)
    const texts = { progress: importProgressText(progress, words), counts: importCountTexts(progress, words) }
    const locals = { work: progress, ...texts, faults, areaCode: default_area_code }
    if (isTarget(req, 'contact-import')) return renderFragment(req, res, 'contact-imports/_progress', locals)
    await page(req, res, 'contact-imports/show', locals)
  })

  router.post('/contact-imports/:id', async (req, res) => {
    const { tenantId } = requireManager(currentUser(res))
    const work = found(await findImport(db, tenantId, idIn(req.params.id)))
    const columns = readColumns(req)
    if (work.state === 'preview' && !columns.includes('number')) return showPreview(req, res, work, columns)
    const [tag = ''] = readTags(field(req, 'tag'))
    await queueImport(db, tenantId, work.id, { columns, hasHeading: field(req, 'heading') === '1', tag })
    await seeOther(req, res, `/contact-imports/${work.id}`)
  })

  router.get('/contact-imports/:id/faults', async (req, res) => {
    const { tenantId } = requireManager(currentUser(res))
    const { id } = found(await findProgress(db, tenantId, idIn(req.params.id)))
    const words = wordsOf(res)
    const { default_area_code } = await findTenant(db, tenantId)
    const batch = (afterLine: number) => listFaults(db, tenantId, id, faultsPerBatch, afterLine)
    // Before anything is sent: a failure here is still an answer.
    const first = await batch(0)
    const lines = async function* () {
      yield ['line', 'why', 'text'].map((name) => words.t(`do-not-call.import.${name}`))
      for (let faults = first; faults.length > 0; faults = await batch(faults.at(-1)?.line ?? Infinity))
        for (const { line, fault, text } of faults) yield [line, words.fault(fault as RowFault, text, default_area_code), text]
    }
    const format = { bom: true, delimiter: ';', escape_formulas: true }
    await sendCsv(res, { name: `leads-${id}`, format, lines: lines() }, log.child({ tenantId }))
  })

  async function showNew(req: Request, res: Response, mistake: Mistake | null): Promise<void> {
    const words = wordsOf(res)
    const count = words.count(mostLines)
    const values = { count, line: words.count(mistake?.line ?? 0), letters: words.count(longestLine), columns: words.count(mostColumns) }
    const error = mistake === null ? null : words.t(`contact-import.error.${mistake.fault}`, values)
    await page(req, res, 'contact-imports/new', { count, error }, error === null ? 200 : 422)
  }

  /** `chosen`: the columns as sent, without a number column. */
  async function showPreview(req: Request, res: Response, work: ContactImport, chosen: ColumnKind[] | null): Promise<void> {
    const rows = firstRows(work.content ?? '')
    const heading = isHeading(rows[0] ?? []) ? (rows[0] ?? []) : null
    const sample = heading ? rows.slice(1) : rows.slice(0, previewed)
    const columns = chosen ?? guessColumns(heading, sample)
    const stem = work.file_name.replace(/\.\w{1,5}$/, '')
    const [tag = ''] = readTags(chosen ? field(req, 'tag') : stem)
    await page(
      req,
      res,
      'contact-imports/preview',
      { work, heading, sample, columns, columnKinds, tag, wrong: chosen !== null },
      chosen ? 422 : 200,
    )
  }

  async function page(req: Request, res: Response, view: string, locals: Record<string, unknown>, status = 200): Promise<void> {
    await renderPage(context, req, res, { view, title: wordsOf(res).t('contact-import.title'), section: 'contacts', status, locals })
  }

  return router
}

interface Mistake {
  fault: SheetFault | 'empty' | 'workbook' | 'columns-many'
  line?: number
}

function findMistake(content: string): Mistake | null {
  if (content.trim() === '') return { fault: 'empty' }
  // A workbook is a ZIP archive, or older, a compound file.
  if (content.startsWith('PK') || content.includes('\0')) return { fault: 'workbook' }
  const excess = findExcess(content)
  if (excess) return excess
  const [first] = readCsvRows(content)
  return first?.fault === 'columns-many' ? { fault: 'columns-many' } : null
}

/** The heading and a few more; of one that cannot be read, how it begins. */
function firstRows(content: string): string[][] {
  const rows: string[][] = []
  for (const { cells, text } of readCsvRows(content)) {
    if (rows.push(cells ?? [text.slice(0, 200)]) > previewed) break
  }
  return rows
}

/** `column-0`, `column-1` … as far as they go. */
function readColumns(req: Request): ColumnKind[] {
  const columns: ColumnKind[] = []
  for (let n = 0; n < 50 && hasField(req, `column-${n}`); n++)
    columns.push(columnKinds.find((kind) => kind === field(req, `column-${n}`)) ?? '')
  return columns
}
