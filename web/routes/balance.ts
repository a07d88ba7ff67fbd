import { Router, type Request, type Response } from 'express'
import { listMonthlyAllowances } from '../../domain/balance/monthly-allowance.ts'
import { listStatement, readBalance } from '../../domain/balance/statement.ts'
import { findTenant } from '../../domain/tenants/tenants.ts'
import { setLowBalance } from '../../domain/policy/tenant-warnings.ts'
import type { WebContext } from '../http/context.ts'
import { wordsOf } from '../http/locale.ts'
import { renderFragment, renderPage } from '../http/render-page.ts'
import { currentUser, requireManager } from '../http/current-user.ts'
import { field, isTarget, parameter } from '../http/request.ts'
import { seeOther } from '../auth/sessions.ts'
import { allowanceText, secondsText, statementText } from '../wording/statement.ts'

const pageLength = 50

/** The minutes of a company and its statement, for its managers. */
export function balanceRoutes(context: WebContext): Router {
  const router = Router()
  const { db, clock } = context

  router.get('/balance', async (req, res) => {
    requireManager(currentUser(res))
    await show(context, req, res)
  })

  router.get('/balance/warning', (_req, res) => res.redirect(303, '/balance'))

  router.post('/balance/warning', async (req, res) => {
    const { tenantId } = requireManager(currentUser(res))
    const typed = field(req, 'minutes').trim()
    if (!/^\d{1,6}$/.test(typed)) return show(context, req, res, typed)
    await setLowBalance(db, tenantId, Number(typed) * 60, clock.now())
    const words = wordsOf(res)
    req.session.notice =
      Number(typed) === 0
        ? { key: 'balance.warning.off', values: {} }
        : { key: 'balance.warning.saved', values: { minutes: words.count(Number(typed)) } }
    await seeOther(req, res, '/balance')
  })

  return router
}

/** `mistyped`: a level that is not a number of minutes, for the manager to correct. */
async function show(context: WebContext, req: Request, res: Response, mistyped?: string): Promise<void> {
  const { db, clock } = context
  const { tenantId } = currentUser(res)
  const before = /^\d{1,15}$/.test(parameter(req, 'before')) ? Number(parameter(req, 'before')) : undefined
  const lines = await listStatement(db, tenantId, { beforeId: before, limit: pageLength + 1 })
  const words = wordsOf(res)
  const shown = lines.slice(0, pageLength).map((line) => ({ ...line, ...statementText(line, words) }))
  const locals = { lines: shown, next: lines.length > pageLength ? (shown.at(-1)?.id ?? null) : null }
  if (isTarget(req, 'more-lines')) return renderFragment(req, res, 'balance/_lines', locals)
  const [balance, tenant, monthlyAllowances] = await Promise.all([
    readBalance(db, tenantId),
    findTenant(db, tenantId),
    listMonthlyAllowances(db, tenantId, clock.now()),
  ])
  const warning = { minutes: mistyped ?? String(Math.round(tenant.low_balance_seconds / 60)), wrong: mistyped !== undefined }
  await renderPage(context, req, res, {
    view: 'balance/show',
    title: words.t('balance.title'),
    section: 'balance',
    status: warning.wrong ? 422 : 200,
    locals: {
      ...locals,
      balanceSeconds: balance.balanceSeconds,
      secondsText: secondsText(balance.balanceSeconds, balance.heldSeconds, words),
      allowances: monthlyAllowances.map((allowance) => ({ ...allowance, ...allowanceText(allowance, words) })),
      warning,
    },
  })
}
