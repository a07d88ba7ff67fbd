import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Request, RequestHandler, Response } from 'express'
import type { WebContext } from './context.ts'
import { HttpError } from './errors.ts'
import { cookie, field, isUnsafe } from './request.ts'

declare module 'express-session' {
  interface SessionData {
    csrfToken?: string
  }
}

/**
 * Chooses the token for the forms of the request. The session of a signed-in user has the token. A visitor has no session, because each
 * stranger would then add a row to the database: we sign the visitor's token, and it is valid with that visitor's cookie only.
 */
export function chooseFormToken({ config }: WebContext): RequestHandler {
  // Another site of the same domain cannot set a cookie whose name begins with __Host-.
  const name = config.behindTls ? '__Host-ramal-visitor' : 'ramal-visitor'
  const signed = (visitor: string) =>
    createHmac('sha256', config.sessionSecret ?? '')
      .update(`form of visitor ${visitor}`)
      .digest('hex')
  const newVisitor = (res: Response): string => {
    const visitor = randomBytes(16).toString('hex')
    res.cookie(name, visitor, { httpOnly: true, sameSite: 'lax', secure: config.behindTls })
    return visitor
  }
  return (req, res, next) => {
    let visitor = cookie(req, name)
    if (!/^[0-9a-f]{32}$/.test(visitor)) visitor = ''
    const visitorToken: FormToken = {
      make: () => signed((visitor ||= newVisitor(res))),
      known: () => (visitor === '' ? null : signed(visitor)),
    }
    const userToken: FormToken = {
      make: () => (req.session.csrfToken ??= randomBytes(32).toString('hex')),
      known: () => req.session.csrfToken ?? null,
    }
    res.locals['formToken'] = req.session.userId === undefined ? visitorToken : userToken
    next()
  }
}

/** The token for the forms of this response. The first page that needs a token makes it. */
export function csrfToken(res: Response): string {
  return formToken(res).make()
}

/** Whether a form with this token comes from one of our pages. */
export function isOurToken(res: Response, token: string): boolean {
  const [known, sent] = [Buffer.from(formToken(res).known() ?? ''), Buffer.from(token)]
  return known.length > 0 && known.length === sent.length && timingSafeEqual(known, sent)
}

/** The token that htmx and our scripts send. A form without JavaScript has the token in a field instead. */
export function tokenInHeader(req: Request): string | undefined {
  return req.get('x-csrf-token')
}

/** Refuses a request if its Sec-Fetch-Site header says that another site caused it. */
export function refuseOtherSites(req: Request): void {
  const site = req.get('Sec-Fetch-Site') ?? 'same-origin'
  if (site !== 'same-origin' && site !== 'none') throw new HttpError(403, 'cross-site')
}

/** Refuses changes that another site requests: checks Sec-Fetch-Site, and a token that only our pages have. */
export const requireCsrfToken: RequestHandler = (req, res, next) => {
  if (!isUnsafe(req)) return next()
  refuseOtherSites(req)
  if (!isOurToken(res, tokenInHeader(req) ?? field(req, '_csrf'))) throw pageExpired()
  next()
}

export function pageExpired(): HttpError {
  return new HttpError(403, 'page-expired')
}

interface FormToken {
  make(): string
  /** Null until a page has made one. */
  known(): string | null
}

function formToken(res: Response): FormToken {
  return res.locals['formToken'] as FormToken
}
