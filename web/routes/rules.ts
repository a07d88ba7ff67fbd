import { Router } from 'express'
import { listCallingHours } from '../../domain/calling-hours.ts'
import { listDestinations } from '../../domain/destinations.ts'
import { findTenant } from '../../domain/tenants.ts'
import type { Context } from '../context.ts'
import { wordsOf } from '../language.ts'
import { showPage } from '../pages.ts'
import { person, requireManager } from '../people.ts'

/** What a company may do, and so why a call may be refused. The operator sets it; its manager reads it. */
export function rulesRoutes(context: Context): Router {
  const router = Router()
  const { db } = context

  router.get('/rules', async (req, res) => {
    const { tenantId } = requireManager(person(res))
    const [tenant, hours, destinations] = await Promise.all([
      findTenant(db, tenantId),
      listCallingHours(db, tenantId),
      listDestinations(db, tenantId),
    ])
    const locals = { tenant, hours, destinations }
    await showPage(context, req, res, { view: 'rules/show', title: wordsOf(res).t('rules.title'), section: 'rules', locals })
  })

  return router
}
