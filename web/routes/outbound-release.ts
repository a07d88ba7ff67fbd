import { Router } from 'express'
import { inTransaction } from '../../domain/database/transaction.ts'
import { releaseOutbound } from '../../domain/policy/spend-alarm.ts'
import type { WebContext } from '../http/context.ts'
import { currentUser, requireManager } from '../http/current-user.ts'
import { cameFrom } from '../http/request.ts'
import { seeOther } from '../auth/sessions.ts'

/** A manager releases the calls that the spend alarm paused. */
export function outboundReleaseRoutes({ db, clock, log }: WebContext): Router {
  const router = Router()

  router.get('/outbound-release', (_req, res) => res.redirect(303, '/'))

  router.post('/outbound-release', async (req, res) => {
    const { tenantId, email } = requireManager(currentUser(res))
    const released = await inTransaction(db, (trx) => releaseOutbound(trx, tenantId, email, clock.now()))
    if (released) log.info({ tenantId, email }, 'outbound calls released')
    // Another manager may have released them first; the result is the same.
    req.session.notice = { key: 'banner.released', values: {} }
    await seeOther(req, res, cameFrom(req))
  })

  return router
}
