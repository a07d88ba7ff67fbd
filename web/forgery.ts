import type { Request, RequestHandler } from 'express'
import { csrfSync } from 'csrf-sync'
import { Failure } from './failures.ts'
import { field, isUnsafe } from './requests.ts'

const { csrfSynchronisedProtection, generateToken } = csrfSync({
  size: 32,
  getTokenFromRequest: (req) => req.get('x-csrf-token') ?? field(req, '_csrf'),
  errorConfig: { statusCode: 403, message: 'page expired', code: 'page-expired' },
})

/** Refuses changes that another site asks for, by what the browser says about it and by a token that only our pages know. */
export const refuseForgery: RequestHandler[] = [
  (req, _res, next) => {
    const site = req.get('Sec-Fetch-Site') ?? 'same-origin'
    if (isUnsafe(req) && site !== 'same-origin' && site !== 'none') throw new Failure(403, 'cross-site')
    next()
  },
  csrfSynchronisedProtection,
]

/** The token of this session, made at the first page that needs one. */
export function forgeryToken(req: Request): string {
  return generateToken(req)
}
