import { Router } from 'express'
import { findCurrentUser } from '../http/current-user.ts'

/** nginx asks this before it opens a WebSocket to Asterisk for a page (systemd/nginx/ramal.conf). */
export function phoneDoorRoutes(): Router {
  const router = Router()
  router.get('/phone/door', (_req, res) => {
    res
      .status(findCurrentUser(res) ? 204 : 401)
      .set('Cache-Control', 'no-store')
      .end()
  })
  return router
}
