import type { Request, RequestHandler, Response } from 'express'
import session from 'express-session'
import type { SignIn } from '../../domain/accounts/users.ts'
import type { WebContext } from '../http/context.ts'
import { SessionStore } from './session-store.ts'

/** An entry of the do-not-call list, as JSON keeps it. */
export interface RemovedNumber {
  e164: string
  reason: string
  author: string
  createdAt: string
  /** Missing in a session from before it was kept. */
  askedAgainAt?: string | null
}

/** A number removed from a lead, as JSON keeps it. */
export interface RemovedContactNumber {
  contactId: number
  e164: string
  label: string
  position: number
  removedAt: string
  firstOther: string
}

/** Entries that one action of the user added to the do-not-call list, as JSON keeps them. */
export interface BarredNumbers {
  e164s: string[]
  author: string
  at: string
}

declare module 'express-session' {
  interface SessionData {
    userId?: number
    /** Of the user's credentials (SignIn). Missing in a session from before there were generations. */
    generation?: number
    /** A notice for the next page, shown once; `undo`: the address that reverts the change. */
    notice?: { key: string; values: Record<string, string>; undo?: string; tone?: 'trouble' }
    /** Numbers removed from the do-not-call list, newest last, for undo. */
    removedNumbers?: RemovedNumber[]
    /** Numbers removed from leads, newest last, for undo. */
    removedContactNumbers?: RemovedContactNumber[]
    /** The numbers that the user put on the do-not-call list last, for undo. */
    lastBarred?: BarredNumbers
  }
}

const signedInMs = 12 * 60 * 60 * 1000

/** Sessions of signed-in users. They expire twelve hours after the last request. A visitor has none. */
export function sessions({ db, clock, config }: WebContext): RequestHandler {
  return session({
    name: 'ramal',
    secret: config.sessionSecret ?? missingSecret(),
    store: new SessionStore(db, clock),
    resave: false,
    saveUninitialized: false,
    rolling: true,
    cookie: { httpOnly: true, sameSite: 'lax', secure: config.behindTls, maxAge: signedInMs },
  })
}

/**
 * Signs in under a new session id, so that a planted id is useless. An earlier session of this browser ends, and with it its
 * browser phone.
 */
export async function startSession(req: Request, { userId, generation }: SignIn): Promise<void> {
  await new Promise<void>((resolve, reject) => req.session.regenerate((error) => (error ? reject(error as Error) : resolve())))
  req.session.userId = userId
  req.session.generation = generation
}

/** Saves the session now, so that a database failure shows before the answer is sent. */
export async function saveSession(req: Request): Promise<void> {
  await new Promise<void>((resolve, reject) => req.session.save((error) => (error ? reject(error as Error) : resolve())))
}

/**
 * Redirects to `path` after the session is saved. express-session sends the head of an answer before it saves, and a browser
 * follows a redirect as soon as it has the head.
 */
export async function seeOther(req: Request, res: Response, path: string): Promise<void> {
  await saveSession(req)
  res.redirect(303, path)
}

export async function endSession(req: Request): Promise<void> {
  await new Promise<void>((resolve, reject) => req.session.destroy((error) => (error ? reject(error as Error) : resolve())))
}

/** Only the site signs cookies, so the other processes need no secret. */
function missingSecret(): never {
  throw new Error('The configuration is not complete:\n  RAMAL_SESSION_SECRET: missing; openssl rand -base64 48 makes one')
}
