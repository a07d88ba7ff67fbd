import type { Request, Response } from 'express'
import { writeCallFile } from '../../domain/telephony/call-files.ts'
import { findCall } from '../../domain/calls/history/history.ts'
import { agentViewer } from '../../domain/calls/history/visibility.ts'
import { failRequest } from '../../domain/calls/reconcile/unreported-calls.ts'
import { numberAfter, type NextNumber } from '../../domain/calls/outgoing/next-number.ts'
import { requestCall, type CallTarget, type RefusedRequest } from '../../domain/calls/outgoing/request.ts'
import { listCallingHours, type CallingHours } from '../../domain/policy/calling-hours.ts'
import { isAboutTheNumber } from '../../domain/policy/verdicts.ts'
import type { WebContext } from '../http/context.ts'
import { found, notFound } from '../http/errors.ts'
import { wordsOf } from '../http/locale.ts'
import { clicks } from '../http/metrics.ts'
import { renderFragment } from '../http/render-page.ts'
import { currentAgent, currentUser } from '../http/current-user.ts'

/** Answers a call button: the call of the agent who pressed it, as the phone's panel shows it, or why there is none. */
export async function placeRequestedCall(context: WebContext, req: Request, res: Response, target: CallTarget): Promise<void> {
  const { db, clock, config, log } = context
  const user = currentUser(res)
  const agentId = currentAgent(user)
  const requested = await requestCall(db, user.tenantId, agentId, target, clock.now())
  if (requested.outcome === 'refused') return refuse(context, req, res, { target, ...requested })
  const { callId, endpoint } = requested
  try {
    await writeCallFile(config.spoolDir, callId, endpoint)
  } catch (error) {
    log.error({ err: error, tenantId: user.tenantId, callId }, 'cannot write the call file')
    await failRequest(db, callId, clock.now())
    return showRefusal(req, res, 500, { reason: 'unavailable', hours: [], next: null })
  }
  const call = found(await findCall(db, agentViewer(user.tenantId, agentId), callId))
  clicks.inc({ outcome: 'placed' })
  res.status(201).set('X-Call-Id', callId)
  await renderFragment(req, res, 'calls/_current', { call, kind: 'requested', perspective: 'own' })
}

/** Says why there is no call. If another number of the lead may be called, offers that one. */
async function refuse(
  { db, clock }: WebContext,
  req: Request,
  res: Response,
  { target, reason, e164 }: RefusedRequest & { target: CallTarget },
): Promise<void> {
  if (reason === 'no-such-lead') throw notFound()
  const { tenantId } = currentUser(res)
  const refused = { tenant_id: tenantId, contact_id: target.id, e164, list_id: target.listId ?? null, requested_at: clock.now() }
  const next = isAboutTheNumber(reason) ? await numberAfter(db, refused) : null
  await showRefusal(req, res, 409, { reason, hours: await listCallingHours(db, tenantId), next })
}

interface ShownRefusal {
  reason: string
  /** The company's calling hours: outside them the text names them. */
  hours: readonly CallingHours[]
  next: NextNumber | null
}

/** Sets a header for the phone, too. */
async function showRefusal(req: Request, res: Response, status: number, { reason, hours, next }: ShownRefusal): Promise<void> {
  clicks.inc({ outcome: reason })
  res.status(status).set({ 'X-Refusal': reason, 'Cache-Control': 'no-store' })
  await renderFragment(req, res, 'errors/_notice', { sentence: wordsOf(res).refusal(reason, hours), tone: 'trouble', nextNumber: next })
}
