import { Router } from 'express'
import type { WebContext } from '../../http/context.ts'
import type { LiveStreams } from '../../live/streams.ts'
import { phoneCredentialRoutes } from './credentials.ts'
import { phoneReportRoutes } from './reports.ts'

/** An agent's phones: their credentials, and the browser phone's reports. */
export function phoneRoutes(context: WebContext, live: LiveStreams): Router {
  return Router().use(phoneCredentialRoutes(context, live), phoneReportRoutes(context))
}
