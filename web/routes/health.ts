import { Router } from 'express'
import { isReachable } from '../../domain/database/reachable.ts'
import type { Context } from '../context.ts'

const patienceMs = 1000

/** For the watchdog and the proxy: this process answers, and so does its database. */
export function healthRoutes({ db }: Context): Router {
  const router = Router()

  router.get('/health', async (_req, res) => {
    const ok = await isReachable(db, patienceMs)
    res
      .status(ok ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .json({ ok })
  })

  return router
}
