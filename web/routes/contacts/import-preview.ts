import { createHash } from 'node:crypto'
import { Router, type Request, type Response } from 'express'
import { checkFile } from '../../../domain/contacts/imports/check-file.ts'
import { findImport, storeChoice, type ContactImport } from '../../../domain/contacts/imports/imports.ts'
import { readingOf } from '../../../domain/contacts/imports/reading.ts'
import { listStaff } from '../../../domain/accounts/staff.ts'
import { findTenant } from '../../../domain/tenants/tenants.ts'
import { isForm, kindsFor, readImportForm, type Fields, type ImportForm } from '../../forms/import-choice.ts'
import type { WebContext } from '../../http/context.ts'
import { found, idIn } from '../../http/errors.ts'
import { wordsOf } from '../../http/locale.ts'
import { renderFragment, renderPage } from '../../http/render-page.ts'
import { currentUser, requireManager } from '../../http/current-user.ts'
import { field, isTarget } from '../../http/request.ts'
import { seeOther } from '../../auth/sessions.ts'

/** A file before it is imported: what its columns mean, what its rows become, and what stays out. */
export function importPreviewRoutes(context: WebContext): Router {
  const router = Router()
  const { db } = context

  router.get('/contact-imports/:id/preview', async (req, res) => {
    const work = await findWork(req, res)
    if (work.state !== 'preview') return seeOther(req, res, `/contact-imports/${work.id}`)
    await show(req, res, work, await readImportForm(work, req.query), null)
  })

  router.post('/contact-imports/:id/preview', async (req, res) => {
    const work = await findWork(req, res)
    if (work.state !== 'preview') return seeOther(req, res, `/contact-imports/${work.id}`)
    const fields = (req.body ?? {}) as Fields
    const form = await readImportForm(work, fields)
    const mistake = findMistake(req, form, fields)
    if (mistake !== null) return show(req, res, work, form, mistake)
    const isChecked = field(req, 'then') === 'check'
    await storeChoice(db, work.tenant_id, work.id, form, isChecked ? 'preview' : 'queued')
    await seeOther(req, res, `/contact-imports/${work.id}${isChecked ? '/preview' : ''}`)
  })

  async function findWork(req: Request, res: Response): Promise<ContactImport> {
    const { tenantId } = requireManager(currentUser(res))
    return found(await findImport(db, tenantId, idIn(req.params['id'])))
  }

  async function show(req: Request, res: Response, work: ContactImport, form: ImportForm, mistake: Mistake | null): Promise<void> {
    const { tenantId } = currentUser(res)
    const [check, { default_area_code: areaCode }, staff] = await Promise.all([
      readingOf(db, tenantId, form).then((reading) => checkFile({ content: work.content, has_heading: form.heading.length }, reading)),
      findTenant(db, tenantId),
      listStaff(db, tenantId),
    ])
    const agentNames = new Map(staff.map(({ agentId, name }) => [agentId, name]))
    const locals = { work, form, check, areaCode, agentNames, mistake, kindsFor, shown: shownAs(form) }
    if (mistake === null && isTarget(req, 'import-check')) return renderFragment(req, res, 'contact-imports/_check', locals)
    const title = wordsOf(res).t('contact-import.title')
    await renderPage(context, req, res, {
      view: 'contact-imports/preview',
      title,
      section: 'contacts',
      status: mistake ? 422 : 200,
      locals,
    })
  }

  return router
}

/** `check-again`: an area code is assumed for other lines than those that the page showed. */
type Mistake = 'no-number' | 'check-again'

function findMistake(req: Request, form: ImportForm, fields: Fields): Mistake | null {
  if (!isForm(fields) || !form.columns.includes('number')) return 'no-number'
  return form.assumesAreaCode && field(req, 'shown') !== shownAs(form) ? 'check-again' : null
}

/** A short form of what decides which numbers lack an area code. */
function shownAs({ columns, heading }: ImportForm): string {
  return createHash('sha256')
    .update(JSON.stringify([heading.length > 0, columns]))
    .digest('base64url')
    .slice(0, 16)
}
