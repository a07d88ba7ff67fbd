import type { Request, RequestHandler } from 'express'
import { rateLimit } from 'express-rate-limit'
import { findTypedAccount } from '../../domain/accounts/users.ts'
import type { WebContext } from '../http/context.ts'
import { knownBrowser } from './known-browsers.ts'
import { field } from '../http/request.ts'

const windowMs = 15 * 60_000

/** Failed sign-ins from one address. Generous: a whole office may share one. */
export function limitByAddress(tooMany: RequestHandler): RequestHandler {
  return rateLimit({ ...common, limit: 60, handler: tooMany })
}

/**
 * Failed sign-ins for one account, from wherever they come and however its e-mail is written. A browser in which its person
 * signed in before has guesses of its own, so a stranger cannot lock them out.
 */
export function limitByAccount(context: WebContext, tooMany: RequestHandler): RequestHandler {
  const keyGenerator = async (req: Request) => {
    const { key, account } = await findTypedAccount(context.db, field(req, 'email'))
    const browser = account && knownBrowser(context, req, account)
    return browser === null ? key : `browser ${browser}`
  }
  return rateLimit({ ...common, limit: 10, keyGenerator, handler: tooMany })
}

const common = {
  windowMs,
  skipSuccessfulRequests: true,
  standardHeaders: 'draft-7',
  legacyHeaders: false,
} as const
