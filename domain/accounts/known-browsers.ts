import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { SignIn } from './users.ts'

/**
 * A token proves that the user of an account has signed in with this browser. It opens nothing. A browser that sends it has a few
 * password attempts that a stranger cannot use up (web/auth/sign-in-limits.ts). It is void as soon as the account's credentials end.
 */
export const knownBrowserMs = 180 * 24 * 60 * 60 * 1000

/** Makes a token: user id, expiry, token id, signature. */
export function makeBrowserToken(secret: string, account: SignIn, now: Date): string {
  const expiresAt = Math.floor((now.getTime() + knownBrowserMs) / 1000).toString()
  const id = randomBytes(16).toString('base64url')
  return [account.userId, expiresAt, id, sign(secret, account, expiresAt, id)].join('.')
}

/** The id of the token for an account, or null if it is not for this account, has expired, or is forged. */
export function readBrowserToken(secret: string, token: string, account: SignIn, now: Date): string | null {
  const [userId = '', expiresAt = '', id = '', signature = ''] = token.split('.')
  if (Number(userId) !== account.userId || Number(expiresAt) * 1000 <= now.getTime()) return null
  return isSame(signature, sign(secret, account, expiresAt, id)) ? id : null
}

export function isBrowserToken(text: string): boolean {
  return /^\d+\.\d+\.[\w-]{22}\.[\w-]{43}$/.test(text)
}

function sign(secret: string, { userId, generation }: SignIn, expiresAt: string, id: string): string {
  return createHmac('sha256', secret).update(['known-browser', userId, generation, expiresAt, id].join(' ')).digest('base64url')
}

function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(Buffer.from(given), Buffer.from(expected))
}
