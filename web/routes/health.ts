import { Router } from 'express'
import { isReachable } from '../../domain/database/reachable.ts'
import type { WebContext } from '../http/context.ts'

const patienceMs = 1000
/**
 * After a failed check the database counts as unreachable for this long, and the next requests do not wait for it. fail2ban asks
 * for one address after the other, and must not fall behind (systemd/fail2ban). Asterisk, too, waits as long before it tries
 * again (pjsip/res_odbc.conf).
 */
const awayForMs = 2000

/** For the watchdog and the proxy: this process answers, and so does its database. */
export function healthRoutes({ db }: WebContext): Router {
  const router = Router()
  let awayUntilMs = 0

  router.get('/health', async (_req, res) => {
    const isKnown = performance.now() < awayUntilMs
    const ok = !isKnown && (await isReachable(db, patienceMs))
    if (!ok && !isKnown) awayUntilMs = performance.now() + awayForMs
    res
      .status(ok ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .json({ ok })
  })

  return router
}
