import type { Request, Response } from 'express'
import { isBrowserToken, knownBrowserMs, makeBrowserToken, readBrowserToken } from '../../domain/accounts/known-browsers.ts'
import type { SignIn } from '../../domain/accounts/users.ts'
import type { WebContext } from '../http/context.ts'

/** The cookie of a browser that users have signed in with. It holds a token for each account, newest first. */
const cookieName = 'known-browser'
/** The most accounts that a shared browser remembers. */
const mostAccounts = 5

/** The id of this browser's token for an account, or null. Only a correct password makes one. */
export function knownBrowser({ config, clock }: WebContext, req: Request, account: SignIn): string | null {
  for (const token of tokensOf(req)) {
    const id = readBrowserToken(config.sessionSecret ?? '', token, account, clock.now())
    if (id !== null) return id
  }
  return null
}

/** After a sign-in. */
export function rememberBrowser({ config, clock }: WebContext, req: Request, res: Response, account: SignIn): void {
  const token = makeBrowserToken(config.sessionSecret ?? '', account, clock.now())
  const others = tokensOf(req).filter((each) => !each.startsWith(`${account.userId}.`))
  res.cookie(cookieName, [token, ...others].slice(0, mostAccounts).join('~'), {
    maxAge: knownBrowserMs,
    path: '/sessions',
    sameSite: 'lax',
    httpOnly: true,
    secure: config.behindTls,
  })
}

function tokensOf(req: Request): string[] {
  const value = new RegExp(`(?:^|;\\s*)${cookieName}=([\\w.~-]{1,2000})`).exec(req.get('Cookie') ?? '')?.[1] ?? ''
  return value.split('~').filter(isBrowserToken)
}
