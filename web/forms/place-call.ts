import type { Request, Response } from 'express'
import { writeCallFile } from '../../domain/telephony/call-files.ts'
import { findCall } from '../../domain/calls/history/history.ts'
import { agentViewer } from '../../domain/calls/history/visibility.ts'
import { failRequest } from '../../domain/calls/reconcile/unreported-calls.ts'
import { requestCall, type CallTarget } from '../../domain/calls/outgoing/request.ts'
import { listCallingHours, type CallingHours } from '../../domain/policy/calling-hours.ts'
import type { WebContext } from '../http/context.ts'
import { found } from '../http/errors.ts'
import { wordsOf } from '../http/locale.ts'
import { clicks } from '../http/metrics.ts'
import { renderFragment } from '../http/render-page.ts'
import { currentAgent, currentUser } from '../http/current-user.ts'
import { render } from '../http/render.ts'

/** Answers a call button: the call of the agent who pressed it, as the phone's panel shows it, or why there is none. */
export async function placeRequestedCall(context: WebContext, req: Request, res: Response, target: CallTarget): Promise<void> {
  const { db, clock, config, log } = context
  const user = currentUser(res)
  const agentId = currentAgent(user)
  const requested = await requestCall(db, user.tenantId, agentId, target, clock.now())
  if (requested.outcome === 'refused') return refuse(res, 409, requested.reason, await listCallingHours(db, user.tenantId))
  const { callId, endpoint } = requested
  try {
    await writeCallFile(config.spoolDir, callId, endpoint)
  } catch (error) {
    log.error({ err: error, tenantId: user.tenantId, callId }, 'cannot write the call file')
    await failRequest(db, callId, clock.now())
    return refuse(res, 500, 'unavailable', [])
  }
  const call = found(await findCall(db, agentViewer(user.tenantId, agentId), callId))
  clicks.inc({ outcome: 'placed' })
  res.status(201).set('X-Call-Id', callId)
  await renderFragment(req, res, 'calls/_current', { call, kind: 'requested', perspective: 'own' })
}

/** Shows why there is no call, and sets a header for the phone. Outside the company's `hours` the text names them. */
async function refuse(res: Response, status: number, reason: string, hours: readonly CallingHours[]): Promise<void> {
  clicks.inc({ outcome: reason })
  const words = wordsOf(res)
  res.status(status).set({ 'X-Refusal': reason, 'Cache-Control': 'no-store' })
  res.type('html').send(await render('errors/_notice', { t: words.t, sentence: words.refusal(reason, hours), tone: 'trouble' }))
}
