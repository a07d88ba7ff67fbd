import { Router } from 'express'
import { needsDeskPassword, whileSignedIn } from '../../../domain/accounts/credentials.ts'
import { issueBrowserCredential, issueDeskCredential, renewBrowserCredential } from '../../../domain/telephony/sip-credentials.ts'
import { turnCredential } from '../../../domain/telephony/turn-credentials.ts'
import type { WebContext } from '../../http/context.ts'
import { HttpError, readMoment } from '../../http/errors.ts'
import type { LiveStreams } from '../../live/streams.ts'
import { wordsOf } from '../../http/locale.ts'
import { renderFragment, renderPage } from '../../http/render-page.ts'
import { currentAgent, currentUser } from '../../http/current-user.ts'
import { field, isTarget } from '../../http/request.ts'
import { hashSessionId } from '../../../domain/accounts/sessions.ts'

/** An agent's phones and their passwords. */
export function phoneCredentialRoutes(context: WebContext, live: LiveStreams): Router {
  const router = Router()
  const { db, clock, config, log } = context

  router.get('/phone', async (req, res) => {
    const user = currentUser(res)
    const deskEnded = await needsDeskPassword(db, user.tenantId, currentAgent(user))
    await renderPage(context, req, res, {
      view: 'phone/show',
      title: wordsOf(res).t('phone.title'),
      section: 'phone',
      locals: { desk: null, deskEnded },
    })
  })

  router.get('/phone/desk-credential', (_req, res) => res.redirect(303, '/phone'))

  // What the browser phone registers with, and its password for the TURN server. Only ever in this answer: never in a page, a log or a cache.
  // `renews` is when the asking page's own password expires: if that is not the newest any more, another browser has the phone.
  router.post('/phone/credential', async (req, res) => {
    const user = currentUser(res)
    const agentId = currentAgent(user)
    const typed = field(req, 'renews')
    const renews = readMoment(typed)
    if (typed !== '' && renews === null) throw new HttpError(400, 'not-a-moment')
    const line = { realm: config.sipDomain, sessionHash: hashSessionId(req.sessionID) }
    const made = await whileSignedIn(db, line.sessionHash, clock.now(), async (trx) => ({
      credential:
        renews === null
          ? await issueBrowserCredential(trx, user.tenantId, agentId, line, clock.now())
          : await renewBrowserCredential(trx, user.tenantId, agentId, line, renews, clock.now()),
    }))
    if (!made) throw new HttpError(401, 'signed-out')
    if (!made.credential) {
      res.status(409).json({ error: 'displaced' })
      return
    }
    const { endpoint, password, expiresAt } = made.credential
    log.info({ tenantId: user.tenantId, endpoint }, 'browser phone credential issued')
    // The page that had the phone learns now, not at its next registration, that it has it no more.
    if (renews === null) live.tellAgent(agentId, { event: 'phone', data: { expiresAt } })
    res.set('Cache-Control', 'no-store').json({
      uri: `sip:${endpoint}@${config.sipDomain}`,
      endpoint,
      password,
      realm: config.sipDomain,
      wsUrl: config.sipWebSocketUrl,
      expiresAt,
      iceServers: config.turn ? [turnCredential(config.turn, endpoint, clock.now())] : [],
    })
  })

  router.post('/phone/desk-credential', async (req, res) => {
    const user = currentUser(res)
    const agentId = currentAgent(user)
    const made = await whileSignedIn(db, hashSessionId(req.sessionID), clock.now(), (trx) =>
      issueDeskCredential(trx, user.tenantId, agentId, config.sipDomain),
    )
    if (!made) throw new HttpError(401, 'signed-out')
    const { endpoint, password } = made
    log.info({ tenantId: user.tenantId, endpoint }, 'desk phone credential issued')
    const locals = { desk: { user: endpoint, password, server: config.sipDomain, transport: 'TCP' } }
    if (isTarget(req, 'desk-phone')) return renderFragment(req, res, 'phone/_desk', locals)
    await renderPage(context, req, res, { view: 'phone/show', title: wordsOf(res).t('phone.title'), section: 'phone', locals })
  })

  return router
}
