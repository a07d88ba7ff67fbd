import { Router } from 'express'
import { addDisposition, archiveDisposition, longestDisposition } from '../../domain/calls/wrap-up/dispositions.ts'
import { oneLine } from '../../domain/runtime/one-line.ts'
import type { WebContext } from '../http/context.ts'
import { idIn, notFound } from '../http/errors.ts'
import { wordsOf } from '../http/locale.ts'
import { currentUser, requireManager } from '../http/current-user.ts'
import { field } from '../http/request.ts'
import { seeOther } from '../auth/sessions.ts'
import { showRules } from './rules.ts'

/** What a company's agents may say came of a call: its manager's to decide. */
export function dispositionRoutes(context: WebContext): Router {
  const router = Router()
  const { db, clock } = context

  router.post('/dispositions', async (req, res) => {
    const { tenantId } = requireManager(currentUser(res))
    const { t } = wordsOf(res)
    const typed = field(req, 'label')
    const label = oneLine(typed)
    const wrong = label === '' || label.length > longestDisposition
    const error = wrong
      ? t('rules.dispositions.wrong', { count: longestDisposition })
      : (await addDisposition(db, tenantId, label)) === 'known'
        ? t('rules.dispositions.known', { label })
        : null
    if (error !== null) return showRules(context, req, res, { label: typed, error })
    req.session.notice = { key: 'rules.dispositions.saved', values: { label } }
    await seeOther(req, res, '/rules')
  })

  router.post('/dispositions/:id/archive', async (req, res) => {
    const { tenantId } = requireManager(currentUser(res))
    if (!(await archiveDisposition(db, tenantId, idIn(req.params.id), clock.now()))) throw notFound()
    await seeOther(req, res, '/rules')
  })

  router.post('/dispositions/:id/restoration', async (req, res) => {
    const { tenantId } = requireManager(currentUser(res))
    if (!(await archiveDisposition(db, tenantId, idIn(req.params.id), null))) throw notFound()
    await seeOther(req, res, '/rules')
  })

  return router
}
