import { Router } from 'express'
import { listStatement, readBalance } from '../../domain/statement.ts'
import type { Context } from '../context.ts'
import { notFound } from '../failures.ts'
import { wordsOf } from '../language.ts'
import { showFragment, showPage } from '../pages.ts'
import { person } from '../people.ts'
import { isTarget, parameter } from '../requests.ts'

const pageLength = 50

/** The minutes of a company and where they went; for its manager. */
export function balanceRoutes(context: Context): Router {
  const router = Router()
  const { db } = context

  router.get('/balance', async (req, res) => {
    const { tenantId, role } = person(res)
    if (role !== 'manager') throw notFound()
    const before = /^\d{1,15}$/.test(parameter(req, 'before')) ? Number(parameter(req, 'before')) : undefined
    const lines = await listStatement(db, tenantId, { beforeId: before, limit: pageLength + 1 })
    const shown = lines.slice(0, pageLength)
    const locals = { lines: shown, next: lines.length > pageLength ? (shown.at(-1)?.id ?? null) : null }
    if (isTarget(req, 'more-lines')) return showFragment(req, res, 'balance/_lines', locals)
    const balance = await readBalance(db, tenantId)
    await showPage(context, req, res, {
      view: 'balance/show',
      title: wordsOf(res).t('balance.title'),
      section: 'balance',
      locals: { ...locals, ...balance },
    })
  })

  return router
}
