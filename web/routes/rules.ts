import { Router, type Request, type Response } from 'express'
import { listCallingHours } from '../../domain/policy/calling-hours.ts'
import { listDestinations } from '../../domain/policy/destination-rules.ts'
import { listDispositions } from '../../domain/calls/wrap-up/dispositions.ts'
import { findTenant } from '../../domain/tenants/tenants.ts'
import type { WebContext } from '../http/context.ts'
import { wordsOf } from '../http/locale.ts'
import { renderPage } from '../http/render-page.ts'
import { currentUser, requireManager } from '../http/current-user.ts'
import { alarmText, billingText, destinationTexts, rulePanels } from '../wording/rules.ts'

/** What a company may do, and so why a call may be refused. The operator sets it; its manager reads it. */
export function rulesRoutes(context: WebContext): Router {
  const router = Router()

  router.get('/rules', async (req, res) => {
    await showRules(context, req, res, { label: '', error: null })
  })

  return router
}

/** `label`: a new disposition as typed, with what is wrong with it. */
export async function showRules(
  context: WebContext,
  req: Request,
  res: Response,
  newDisposition: { label: string; error: string | null },
): Promise<void> {
  const { db } = context
  const { tenantId } = requireManager(currentUser(res))
  const [tenant, hours, destinations, dispositions] = await Promise.all([
    findTenant(db, tenantId),
    listCallingHours(db, tenantId),
    listDestinations(db, tenantId),
    listDispositions(db, tenantId),
  ])
  const words = wordsOf(res)
  const locals = {
    panels: rulePanels(tenant, hours, words),
    billing: billingText(tenant, words),
    alarm: alarmText(tenant, words),
    destinations: destinationTexts([...destinations], words),
    dispositions,
    newDisposition,
  }
  const status = newDisposition.error === null ? 200 : 422
  await renderPage(context, req, res, { view: 'rules/show', title: words.t('rules.title'), section: 'rules', status, locals })
}
