import express, { Router } from 'express'
import { z } from 'zod'
import { keepReport } from '../../../domain/telephony/phone-reports.ts'
import type { WebContext } from '../../http/context.ts'
import { HttpError } from '../../http/errors.ts'
import { currentAgent, currentUser } from '../../http/current-user.ts'

/** What an agent sends about the phone of this browser, for the operator (`ramal phone-report`). */
export function phoneReportRoutes({ db, clock, log }: WebContext): Router {
  const router = Router()

  router.post('/phone/reports', express.json({ limit: '300kb' }), async (req, res) => {
    const user = currentUser(res)
    const agentId = currentAgent(user)
    const { data } = report.safeParse(req.body)
    if (!data) throw new HttpError(400, 'not-a-report')
    const outcome = await keepReport(db, user.tenantId, agentId, { browser: req.get('User-Agent') ?? '', ...data }, clock.now())
    if (outcome === 'enough') throw new HttpError(429, 'enough-reports')
    log.info({ tenantId: user.tenantId, agentId }, 'phone report stored')
    res.status(201).end()
  })

  return router
}

const fact = z.union([z.string().max(300), z.number(), z.boolean(), z.null()])
const report = z.object({
  appVersion: z.string().max(40),
  entries: z
    .array(
      z.object({
        // Up to the year 2100: what is shown must be a date.
        at: z.int().min(0).max(4_102_444_800_000),
        kind: z.string().max(40),
        facts: z.record(z.string().max(40), fact).refine((facts) => Object.keys(facts).length <= 20),
      }),
    )
    .max(1200),
})
