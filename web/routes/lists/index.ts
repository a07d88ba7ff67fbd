import { Router } from 'express'
import type { WebContext } from '../../http/context.ts'
import { listPageRoutes } from './pages.ts'
import { listWorkRoutes } from './work.ts'

/** Call lists: a manager sets them up, and agents work through them. */
export function listRoutes(context: WebContext): Router {
  return Router().use(listPageRoutes(context), listWorkRoutes(context))
}
