import express, { type Express } from 'express'
import { errorHandler } from './http/error-handler.ts'
import { serveAssets } from './http/assets.ts'
import type { WebContext } from './http/context.ts'
import { notFound } from './http/errors.ts'
import { chooseFormToken, requireCsrfToken } from './http/csrf.ts'
import { securityHeaders } from './http/security-headers.ts'
import { chooseLanguage } from './http/locale.ts'
import { LiveStreams } from './live/streams.ts'
import { measureRequests } from './http/metrics.ts'
import { loadCurrentUser, requireCompany, requireUser } from './http/current-user.ts'
import { balanceRoutes } from './routes/balance.ts'
import { callRoutes } from './routes/calls/index.ts'
import { contactRoutes } from './routes/contacts/index.ts'
import { dispositionRoutes } from './routes/dispositions.ts'
import { doNotCallRoutes } from './routes/do-not-call/index.ts'
import { healthRoutes } from './routes/health.ts'
import { homeRoutes } from './routes/home.ts'
import { listRoutes } from './routes/lists/index.ts'
import { liveRoutes } from './routes/live.ts'
import { localeRoutes } from './routes/locale.ts'
import { outboundReleaseRoutes } from './routes/outbound-release.ts'
import { phoneDoorRoutes } from './routes/phone-door.ts'
import { phoneRoutes } from './routes/phone/index.ts'
import { rulesRoutes } from './routes/rules.ts'
import { serverRoutes } from './routes/server.ts'
import { sessionRoutes } from './routes/sessions.ts'
import { taskRoutes } from './routes/tasks.ts'
import { sessions } from './auth/sessions.ts'
import { readUpload } from './http/uploads.ts'

/** The site. Its live streams never end by themselves: to stop the site, close `live` too. */
export function createApp(context: WebContext, live = new LiveStreams(context)): Express {
  const app = express()
  app.disable('x-powered-by')
  // Only our own nginx may set X-Forwarded-For; without it the header is an unchecked claim of the client.
  app.set('trust proxy', context.config.behindTls ? 'loopback' : false)

  app.use(measureRequests)
  app.use(securityHeaders(context.config), serveAssets(), healthRoutes(context))
  app.use(sessions(context), loadCurrentUser(context), chooseLanguage(context), chooseFormToken(context))
  app.post(['/do-not-call/imports', '/contact-imports'], readUpload)
  // A note of 10,000 characters, each up to nine bytes when encoded.
  app.use(express.urlencoded({ extended: false, limit: '100kb' }), requireCsrfToken)
  app.use(sessionRoutes(context, live), localeRoutes(context), phoneDoorRoutes())

  app.use(requireUser)
  app.use(homeRoutes(), serverRoutes(context), requireCompany)
  app.use(callRoutes(context), contactRoutes(context), listRoutes(context), taskRoutes(context), dispositionRoutes(context))
  app.use(doNotCallRoutes(context), rulesRoutes(context), outboundReleaseRoutes(context), balanceRoutes(context))
  app.use(phoneRoutes(context, live), liveRoutes(live))
  app.use(() => {
    throw notFound()
  })
  app.use(errorHandler(context))
  return app
}
