import { Router, type Response } from 'express'
import { writeCallFile } from '../../domain/call-files.ts'
import { isCallId } from '../../domain/call-id.ts'
import { findCall } from '../../domain/calls/history.ts'
import { listRecordingPauses } from '../../domain/calls/recording-pause.ts'
import { failRequest } from '../../domain/calls/lost.ts'
import { requestCall } from '../../domain/calls/request.ts'
import { listCallingHours, type CallingHours } from '../../domain/calling-hours.ts'
import { findContact } from '../../domain/contacts.ts'
import { findDoNotCall } from '../../domain/do-not-call.ts'
import type { Context } from '../context.ts'
import { found, idIn } from '../failures.ts'
import { wordsOf } from '../language.ts'
import { showFragment, showPage } from '../pages.ts'
import { agentOf, eyeOf, person, viewerOf } from '../people.ts'
import { render } from '../render.ts'

/** Calls: asking for one, and the page of one. */
export function callRoutes(context: Context): Router {
  const router = Router()
  const { db, clock, config, log } = context

  router.post('/contacts/:id/calls', async (req, res) => {
    const user = person(res)
    const agentId = agentOf(user)
    const contact = found(await findContact(db, user.tenantId, idIn(req.params.id)))
    const requested = await requestCall(db, user.tenantId, agentId, contact, clock.now())
    if (requested.outcome === 'refused') return refuse(res, 409, requested.reason, await listCallingHours(db, user.tenantId))
    const { callId, endpoint } = requested
    try {
      await writeCallFile(config.spoolDir, callId, endpoint)
    } catch (error) {
      log.error({ err: error, tenantId: user.tenantId, callId }, 'the call file could not be written')
      await failRequest(db, callId, clock.now())
      return refuse(res, 500, 'unavailable', [])
    }
    const call = found(await findCall(db, { tenantId: user.tenantId, onlyAgentId: agentId }, callId))
    res.status(201).set('X-Call-Id', callId)
    await showFragment(req, res, 'calls/_current', { call, kind: 'requested', eye: 'own' })
  })

  router.get('/calls/:id', async (req, res) => {
    const user = person(res)
    const call = found(isCallId(req.params.id) ? await findCall(db, viewerOf(user), req.params.id) : null)
    const words = wordsOf(res)
    const barred = call.e164 === null ? null : await findDoNotCall(db, user.tenantId, call.e164)
    const pauses = await listRecordingPauses(db, user.tenantId, call.id)
    const title = words.t('call.title', { whom: words.whom(call) })
    await showPage(context, req, res, {
      view: 'calls/show',
      title,
      section: 'calls',
      locals: { call, barred, pauses, eye: eyeOf(user, call) },
    })
  })

  return router
}

/** Says no in words, and in a header for the phone. Whoever is outside the company's `hours` is told them. */
async function refuse(res: Response, status: number, reason: string, hours: readonly CallingHours[]): Promise<void> {
  const words = wordsOf(res)
  const { t } = words
  const sentence = reason === 'outside-hours' ? t('verdict.outside-hours.when', { hours: words.hours(hours) }) : words.refusal(reason)
  res.status(status).set({ 'X-Refusal': reason, 'Cache-Control': 'no-store' })
  res.type('html').send(await render('errors/_notice', { t, sentence, tone: 'trouble' }))
}
