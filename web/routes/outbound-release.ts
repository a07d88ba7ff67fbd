import { Router } from 'express'
import { inTransaction } from '../../domain/database/transaction.ts'
import { releaseOutbound } from '../../domain/policy/spend-alarm.ts'
import type { WebContext } from '../http/context.ts'
import { currentUser, requireManager } from '../http/current-user.ts'
import { cameFrom } from '../http/request.ts'
import { seeOther } from '../auth/sessions.ts'

/** Calls that the spend alarm has paused go on: a manager says so. */
export function outboundReleaseRoutes({ db, clock, log }: WebContext): Router {
  const router = Router()

  router.get('/outbound-release', (_req, res) => res.redirect(303, '/'))

  router.post('/outbound-release', async (req, res) => {
    const { tenantId, email } = requireManager(currentUser(res))
    const released = await inTransaction(db, (trx) => releaseOutbound(trx, tenantId, email, clock.now()))
    if (released) log.info({ tenantId, email }, 'outbound calls released')
    // Somebody else may have been faster: what the person wanted is true all the same.
    req.session.notice = { key: 'banner.released', values: {} }
    await seeOther(req, res, cameFrom(req))
  })

  return router
}
