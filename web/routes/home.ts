import { Router } from 'express'
import type { Role } from '../../domain/database/schema.ts'
import { signedInUser } from '../http/current-user.ts'

const home: Record<Role, string> = { agent: '/contacts', manager: '/calls', operator: '/server' }

/** Everybody starts where their work is. */
export function homeRoutes(): Router {
  const router = Router()

  router.get('/', (_req, res) => {
    res.redirect(303, home[signedInUser(res).role])
  })

  return router
}
