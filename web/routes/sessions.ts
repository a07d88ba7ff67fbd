import { Router, type Request, type RequestHandler, type Response } from 'express'
import { sql } from 'kysely'
import { revokeBrowserCredential } from '../../domain/sip-credentials.ts'
import { checkPassword } from '../../domain/users.ts'
import type { Context } from '../context.ts'
import { wordsOf } from '../language.ts'
import type { LiveStreams } from '../live/streams.ts'
import { signIns } from '../metrics.ts'
import { showPage } from '../pages.ts'
import { findPerson } from '../people.ts'
import { field, ownPath, parameter } from '../requests.ts'
import { hashOf } from '../session-store.ts'
import { endSession, seeOther, startSession } from '../sessions.ts'
import { limitByAddress, limitByEmail } from '../sign-in-limits.ts'

/** Signing in and out. */
export function sessionRoutes(context: Context, live: LiveStreams): Router {
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
    if (findPerson(res)) return res.redirect(303, '/')
    // A database that is away is said before somebody types a password.
    await sql`select 1`.execute(db)
    await showForm(context, req, res, { status: 200, error: null })
  })

  router.post('/sessions', limitByAddress(tooMany), limitByEmail(tooMany), async (req, res) => {
    const userId = await checkPassword(db, field(req, 'email'), field(req, 'password'))
    if (userId === null) {
      noteFailure(req)
      signIns.inc({ result: 'wrong' })
      return showForm(context, req, res, { status: 422, error: 'sign-in.wrong' })
    }
    await startSession(req, userId)
    signIns.inc({ result: 'ok' })
    log.info({ userId }, 'signed in')
    await seeOther(req, res, ownPath(field(req, 'next')))
  })

  router.post('/sign-out', async (req, res) => {
    const user = findPerson(res)
    if (user && user.agentId !== null) await revokeBrowserCredential(db, user.tenantId, user.agentId, hashOf(req.sessionID))
    live.endSession(req.sessionID)
    await endSession(req)
    res.clearCookie('ramal').redirect(303, '/sign-in')
  })

  return router
}

async function showForm(
  context: Context,
  req: Request,
  res: Response,
  { status, error }: { status: number; error: string | null },
): Promise<void> {
  const { t } = wordsOf(res)
  const next = ownPath(req.method === 'GET' ? parameter(req, 'next') : field(req, 'next'))
  const locals = { email: field(req, 'email'), next, error: error === null ? null : t(error) }
  await showPage(context, req, res, { view: 'sessions/sign-in', title: t('sign-in.title'), section: 'none', status, locals })
}
