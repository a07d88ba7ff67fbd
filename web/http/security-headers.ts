import type { RequestHandler } from 'express'
import helmet from 'helmet'
import type { Config } from '../../domain/runtime/config.ts'

/** What browsers may do with our pages: nothing inline, nothing from elsewhere but the SIP WebSocket, and the microphone. */
export function securityHeaders(config: Config): RequestHandler[] {
  const protect = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        mediaSrc: ["'self'", 'blob:'],
        connectSrc: ["'self'", new URL(config.sipWebSocketUrl).origin],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // The language switch returns to the page it was on.
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: config.behindTls,
    xFrameOptions: { action: 'deny' },
  })
  return [
    protect,
    (_req, res, next) => {
      res.set('Permissions-Policy', 'microphone=(self), camera=(), geolocation=()')
      next()
    },
  ]
}
