import type { NextFunction, Request, RequestHandler, Response } from 'express'
import { findUser, type CompanyUser, type ManagerUser, type OperatorUser, type User } from '../../domain/accounts/users.ts'
import type { WebContext } from './context.ts'
import { HttpError, notFound } from './errors.ts'
import { isHtmx, ownPath, wantsEventStream, wantsFragment } from './request.ts'

/** Finds the signed-in user, in the database each time: a user who was disabled, or got a new password, loses access at once. */
export function loadCurrentUser({ db }: WebContext): RequestHandler {
  return async (req, res, next) => {
    const { userId, generation = 0 } = req.session
    res.locals['user'] = userId === undefined ? null : await findUser(db, { userId, generation })
    next()
  }
}

/** Sends visitors to the sign-in page, and back after they sign in. */
export function requireUser(req: Request, res: Response, next: NextFunction): void {
  if (findCurrentUser(res)) return next()
  const path = req.method === 'GET' ? ownPath(req.originalUrl) : '/'
  const back = path === '/' ? '' : `?next=${encodeURIComponent(path)}`
  if (isHtmx(req))
    return void res
      .status(401)
      .set('HX-Redirect', `/sign-in${wantsFragment(req) ? '' : back}`)
      .end()
  if (wantsEventStream(req) || req.method !== 'GET') throw new HttpError(401, 'signed-out')
  res.redirect(303, `/sign-in${back}`)
}

export function findCurrentUser(res: Response): User | null {
  return (res.locals['user'] as User | null | undefined) ?? null
}

export function signedInUser(res: Response): User {
  const user = findCurrentUser(res)
  if (!user) throw new HttpError(401, 'signed-out')
  return user
}

/** A page of a company does not exist for an operator. */
export function currentUser(res: Response): CompanyUser {
  const user = signedInUser(res)
  if (user.role === 'operator') throw notFound()
  return user
}

/** The agent that a person is; a page that needs one does not exist for anybody else. */
export function currentAgent(user: CompanyUser): number {
  if (user.agentId === null) throw notFound()
  return user.agentId
}

/** A page for managers does not exist for anybody else. */
export function requireManager(user: User): ManagerUser {
  if (user.role !== 'manager') throw notFound()
  return user
}

/** The page of the whole server exists for operators only. */
export function requireOperator(user: User): OperatorUser {
  if (user.role !== 'operator') throw notFound()
  return user
}

export function requireCompany(_req: Request, res: Response, next: NextFunction): void {
  currentUser(res)
  next()
}
