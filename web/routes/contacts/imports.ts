import { stringify } from 'csv-stringify/sync'
import { Router, type Request, type Response } from 'express'
import { readCsvRows, separatorOf } from '../../../domain/contacts/imports/csv-rows.ts'
import { findProgress, listNotedRows, stageImport, type NotedImportRow } from '../../../domain/contacts/imports/imports.ts'
import { listQuestions } from '../../../domain/contacts/imports/questions.ts'
import type { RowFault } from '../../../domain/contacts/imports/read-row.ts'
import { storedChoice } from '../../../domain/contacts/imports/reading.ts'
import { RefusedSheet } from '../../../domain/contacts/imports/refused-sheet.ts'
import { findExcess, isWorkbook, longestLine, mostColumns, mostLines, type SheetFault } from '../../../domain/runtime/sheet-limits.ts'
import { findTenant } from '../../../domain/tenants/tenants.ts'
import type { WebContext } from '../../http/context.ts'
import { found, idIn } from '../../http/errors.ts'
import { wordsOf } from '../../http/locale.ts'
import { renderFragment, renderPage } from '../../http/render-page.ts'
import { currentUser, requireManager } from '../../http/current-user.ts'
import { field, isTarget } from '../../http/request.ts'
import { sendCsv } from '../../http/send-csv.ts'
import { seeOther } from '../../auth/sessions.ts'
import { importCountTexts, importProgressText, notedRowTexts } from '../../wording/contact-import.ts'

const explained = 200
const faultsPerBatch = 1000

/** Many leads at once: a file, and what came of each of its rows. The worker imports it. */
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
    await seeOther(req, res, `/contact-imports/${id}/preview`)
  })

  router.get('/contact-imports/:id', async (req, res) => {
    const { tenantId } = requireManager(currentUser(res))
    const progress = found(await findProgress(db, tenantId, idIn(req.params.id)))
    if (progress.state === 'preview') return seeOther(req, res, `/contact-imports/${progress.id}/preview`)
    const { default_area_code } = await findTenant(db, tenantId)
    const list = (kind: 'refused' | 'left-out') => listNotedRows(db, tenantId, progress.id, { kinds: [kind], limit: explained })
    const [refused, leftOut] = progress.state !== 'queued' ? await Promise.all([list('refused'), list('left-out')]) : [[], []]
    const questions = progress.state !== 'queued' ? await listQuestions(db, progress, explained) : []
    const words = wordsOf(res)
    const texts = { progress: importProgressText(progress, words), counts: importCountTexts(progress, words) }
    const { heading } = storedChoice(progress)
    const noted = (rows: NotedImportRow[]) => rows.map((row) => notedRowTexts(row, heading, default_area_code, words))
    const locals = { work: progress, questions, ...texts, refused: noted(refused), leftOut: noted(leftOut) }
    if (isTarget(req, 'contact-import')) return renderFragment(req, res, 'contact-imports/_progress', locals)
    await page(req, res, 'contact-imports/show', locals)
  })

  router.get('/contact-imports/:id/faults', async (req, res) => {
    const { tenantId } = requireManager(currentUser(res))
    const work = found(await findProgress(db, tenantId, idIn(req.params.id)))
    const words = wordsOf(res)
    const { default_area_code } = await findTenant(db, tenantId)
    const { columns, heading } = storedChoice(work)
    const names = heading.length > 0 ? heading : columns.map((kind) => words.t(`contact-import.kind.${kind || 'none'}`))
    const sheet = new RefusedSheet(names, work.separator_char, words.t('contact-import.reason'))
    const batch = (afterLine: number) => listNotedRows(db, tenantId, work.id, { kinds: ['refused'], limit: faultsPerBatch, afterLine })
    // Before anything is sent: a failure here is still an answer.
    const first = await batch(0)
    const format = { bom: true, delimiter: work.separator_char }
    const isGuessed = separatorOf(stringify([[...sheet.heading]], { delimiter: work.separator_char })) === work.separator_char
    const lines = async function* () {
      // The separator between these cells makes a line `sep=|`.
      if (!isGuessed) yield ['sep=', '']
      yield sheet.heading
      for (let rows = first; rows.length > 0; rows = await batch(rows.at(-1)?.line ?? Infinity))
        for (const { fault, text } of rows) yield sheet.row(text, words.fault(fault as RowFault, text, default_area_code))
    }
    await sendCsv(res, { name: `leads-${work.id}`, format, lines: lines() }, log.child({ tenantId }))
  })

  async function showNew(req: Request, res: Response, mistake: Mistake | null): Promise<void> {
    const words = wordsOf(res)
    const count = words.count(mostLines)
    const values = { count, line: words.count(mistake?.line ?? 0), letters: words.count(longestLine), columns: words.count(mostColumns) }
    const error = mistake === null ? null : words.t(`contact-import.error.${mistake.fault}`, values)
    await page(req, res, 'contact-imports/new', { count, error }, error === null ? 200 : 422)
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
  if (isWorkbook(content)) return { fault: 'workbook' }
  const excess = findExcess(content)
  if (excess) return excess
  const [first] = readCsvRows(content)
  return first?.fault === 'columns-many' ? { fault: 'columns-many' } : null
}
