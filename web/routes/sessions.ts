import { Router, type Request, type RequestHandler, type Response } from 'express'
import { sql } from 'kysely'
import { needsDeskPassword } from '../../domain/accounts/credentials.ts'
import { checkPassword, findUser, type SignIn } from '../../domain/accounts/users.ts'
import type { WebContext } from '../http/context.ts'
import { rememberBrowser } from '../auth/known-browsers.ts'
import { wordsOf } from '../http/locale.ts'
import type { LiveStreams } from '../live/streams.ts'
import { signIns } from '../http/metrics.ts'
import { renderPage } from '../http/render-page.ts'
import { findCurrentUser } from '../http/current-user.ts'
import { field, ownPath, parameter } from '../http/request.ts'
import { endSession, seeOther, startSession } from '../auth/sessions.ts'
import { limitByAccount, limitByAddress } from '../auth/sign-in-limits.ts'

/** Signing in and out. */
export function sessionRoutes(context: WebContext, live: LiveStreams): Router {
  const router = Router()
  const { db, log } = context
  // fail2ban reads this line (systemd/fail2ban); it says from where, and nothing of what was typed.
  const noteFailure = (req: Request) => log.warn({ address: req.ip }, 'sign-in failed')
  const tooMany: RequestHandler = (req, res) => {
    noteFailure(req)
    signIns.inc({ result: 'too-many' })
    return showForm(context, req, res, { status: 429, error: 'sign-in.too-many' })
  }

  // Where a form was sent to, opened by hand or by a change of language.
  router.get('/sessions', (_req, res) => res.redirect(303, '/sign-in'))

  router.get('/sign-in', async (req, res) => {
    if (findCurrentUser(res)) return res.redirect(303, '/')
    // If the database is unreachable, the user reads so before typing a password.
    await sql`select 1`.execute(db)
    await showForm(context, req, res, { status: 200, error: null })
  })

  router.post('/sessions', limitByAddress(tooMany), limitByAccount(context, tooMany), async (req, res) => {
    const signIn = await checkPassword(db, field(req, 'email'), field(req, 'password'))
    if (signIn === null) {
      noteFailure(req)
      signIns.inc({ result: 'wrong' })
      return showForm(context, req, res, { status: 422, error: 'sign-in.wrong' })
    }
    live.endSession(req.sessionID)
    await startSession(req, signIn)
    rememberBrowser(context, req, res, signIn)
    await remindOfDeskPhone(context, req, signIn)
    signIns.inc({ result: 'ok' })
    log.info({ userId: signIn.userId }, 'signed in')
    await seeOther(req, res, ownPath(field(req, 'next')))
  })

  router.post('/sign-out', async (req, res) => {
    live.endSession(req.sessionID)
    await endSession(req)
    res.clearCookie('ramal').redirect(303, '/sign-in')
  })

  return router
}

/** After a reset the desk phone needs a new password: the agent reads so at the next sign-in. */
async function remindOfDeskPhone({ db }: WebContext, req: Request, signIn: SignIn): Promise<void> {
  const user = await findUser(db, signIn)
  if (user !== null && user.role !== 'operator' && user.agentId !== null && (await needsDeskPassword(db, user.tenantId, user.agentId)))
    req.session.notice = { key: 'phone.desk.ended', values: {}, tone: 'trouble' }
}

async function showForm(
  context: WebContext,
  req: Request,
  res: Response,
  { status, error }: { status: number; error: string | null },
): Promise<void> {
  const { t } = wordsOf(res)
  const next = ownPath(req.method === 'GET' ? parameter(req, 'next') : field(req, 'next'))
  const locals = { email: field(req, 'email'), next, error: error === null ? null : t(error) }
  await renderPage(context, req, res, { view: 'sessions/sign-in', title: t('sign-in.title'), section: 'none', status, locals })
}
