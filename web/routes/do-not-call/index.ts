import { Router } from 'express'
import type { WebContext } from '../../http/context.ts'
import { doNotCallImportRoutes } from './imports.ts'
import { doNotCallListRoutes } from './list.ts'
import { doNotCallMarkRoutes } from './marks.ts'

/** The do-not-call list: the manager's page and import, and an agent's mark on a lead or a call. */
export function doNotCallRoutes(context: WebContext): Router {
  return Router().use(doNotCallListRoutes(context), doNotCallImportRoutes(context), doNotCallMarkRoutes(context))
}
