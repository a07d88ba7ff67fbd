import type { NextFunction, Request, RequestHandler, Response } from 'express'
import type { ListedCall, Viewer } from '../../domain/calls/history/history.ts'
import { findUser, type User } from '../../domain/accounts/users.ts'
import type { WebContext } from './context.ts'
import { HttpError, notFound } from './errors.ts'
import { isHtmx, ownPath, wantsEventStream, wantsFragment } from './request.ts'
import type { Perspective } from '../wording/calls.ts'

/** Finds who is signed in. Asked of the database each time: who was disabled, or got a new password, is out at once. */
export function loadCurrentUser({ db }: WebContext): RequestHandler {
  return async (req, res, next) => {
    const { userId, generation = 0 } = req.session
    res.locals['user'] = userId === undefined ? null : await findUser(db, { userId, generation })
    next()
  }
}

/** Sends everybody who is not signed in to the sign-in page, and back afterwards. */
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

export function currentUser(res: Response): User {
  const user = findCurrentUser(res)
  if (!user) throw new HttpError(401, 'signed-out')
  return user
}

/** The agent that a person is; a page that needs one does not exist for anybody else. */
export function currentAgent(user: User): number {
  if (user.agentId === null) throw notFound()
  return user.agentId
}

/** A page for managers does not exist for anybody else. */
export function requireManager(user: User): User {
  if (user.role !== 'manager') throw notFound()
  return user
}

/** The page of the whole server does not exist for the people of companies, and theirs do not for an operator. */
export function requireOperator(user: User): User {
  if (user.role !== 'operator') throw notFound()
  return user
}

export function requireCompany(_req: Request, res: Response, next: NextFunction): void {
  if (currentUser(res).role === 'operator') throw notFound()
  next()
}

/** Whose calls a person may see. */
export function viewerOf(user: User): Viewer {
  // No agent has the id 0: somebody who is neither manager nor agent sees nothing.
  return { tenantId: user.tenantId, onlyAgentId: user.role === 'manager' ? null : (user.agentId ?? 0) }
}

/**
 * How a person reads a call: as their own, as somebody who watches, such as an agent who passed it on, or as one of those whose
 * phones it rang.
 */
export function perspectiveOf(user: User, call: Pick<ListedCall, 'agent_id' | 'transferred_to_agent_id' | 'origin'>): Perspective {
  if (user.agentId !== null && user.agentId === (call.transferred_to_agent_id ?? call.agent_id)) return 'own'
  return user.role === 'manager' || call.origin !== 'incoming' ? 'manager' : 'rung'
}

/** How a person reads a call in the panel of their phone: a manager whose phone rang reads it as everybody else whose phone rang. */
export function panelPerspectiveOf(user: User, call: Parameters<typeof perspectiveOf>[1]): Perspective {
  const eye = perspectiveOf(user, call)
  return eye === 'manager' && call.origin === 'incoming' ? 'rung' : eye
}
