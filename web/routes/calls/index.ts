import { Router } from 'express'
import type { WebContext } from '../../http/context.ts'
import { callExportRoutes } from './export.ts'
import { callHistoryRoutes } from './history.ts'
import { callPageRoutes } from './page.ts'
import { callQualityRoutes } from './quality.ts'
import { recordingRoutes } from './recording.ts'
import { transferRoutes } from './transfers.ts'
import { wrapUpRoutes } from './wrap-up.ts'

/** Calls: placing, listing, showing, transferring and wrapping up. `/calls/export` comes before `/calls/:id`. */
export function callRoutes(context: WebContext): Router {
  return Router().use(
    callHistoryRoutes(context),
    callExportRoutes(context),
    callPageRoutes(context),
    recordingRoutes(context),
    transferRoutes(context),
    wrapUpRoutes(context),
    callQualityRoutes(context),
  )
}
