import { Router } from 'express'
import { person } from '../people.ts'

/** Everybody starts where their work is: agents at the leads, managers at the calls. */
export function homeRoutes(): Router {
  const router = Router()

  router.get('/', (_req, res) => {
    res.redirect(303, person(res).role === 'manager' ? '/calls' : '/contacts')
  })

  return router
}
