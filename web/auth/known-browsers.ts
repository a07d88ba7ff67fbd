import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Request, Response } from 'express'
import type { SignIn } from '../../domain/accounts/users.ts'
import type { WebContext } from '../http/context.ts'

/**
 * A cookie that says: these people have signed in with this browser. It opens nothing; a browser that brings it has a few guesses that a
 * stranger cannot use up (sign-in-limits.ts). It holds a token for each account, newest first, and a token is void as soon as
 * the account's credentials are ended.
 */
const cookieName = 'known-browser'
const lifeMs = 180 * 24 * 60 * 60 * 1000
/** People who share a browser. */
const mostAccounts = 5

/** The id of this browser's token for an account, or null. Only a right password makes one. */
export function knownBrowser(context: WebContext, req: Request, account: SignIn): string | null {
  for (const token of tokensOf(req)) {
    const [userId = '', expiresAt = '', id = '', signature = ''] = token.split('.')
    if (Number(userId) !== account.userId || Number(expiresAt) * 1000 <= context.clock.now().getTime()) continue
    if (isSame(signature, sign(context, account, expiresAt, id))) return id
  }
  return null
}

/** After a sign-in. */
export function rememberBrowser(context: WebContext, req: Request, res: Response, account: SignIn): void {
  const expiresAt = Math.floor((context.clock.now().getTime() + lifeMs) / 1000).toString()
  const id = randomBytes(16).toString('base64url')
  const token = [account.userId, expiresAt, id, sign(context, account, expiresAt, id)].join('.')
  const others = tokensOf(req).filter((each) => !each.startsWith(`${account.userId}.`))
  res.cookie(cookieName, [token, ...others].slice(0, mostAccounts).join('~'), {
    maxAge: lifeMs,
    path: '/sessions',
    sameSite: 'lax',
    httpOnly: true,
    secure: context.config.behindTls,
  })
}

function tokensOf(req: Request): string[] {
  const value = new RegExp(`(?:^|;\\s*)${cookieName}=([\\w.~-]{1,2000})`).exec(req.get('Cookie') ?? '')?.[1] ?? ''
  return value.split('~').filter((token) => /^\d+\.\d+\.[\w-]{22}\.[\w-]{43}$/.test(token))
}

function sign({ config }: WebContext, { userId, generation }: SignIn, expiresAt: string, id: string): string {
  const text = ['known-browser', userId, generation, expiresAt, id].join(' ')
  return createHmac('sha256', config.sessionSecret ?? '')
    .update(text)
    .digest('base64url')
}

function isSame(given: string, wanted: string): boolean {
  return timingSafeEqual(Buffer.from(given), Buffer.from(wanted))
}
