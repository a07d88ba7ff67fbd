import { Router } from 'express'
import { z } from 'zod'
import { isCallId } from '../../../domain/telephony/call-id.ts'
import { keepQuality } from '../../../domain/calls/quality.ts'
import type { WebContext } from '../../http/context.ts'
import { HttpError, notFound } from '../../http/errors.ts'
import { currentAgent, currentUser } from '../../http/current-user.ts'

/** How a call sounded, as its agent's own browser measured it. */
export function callQualityRoutes({ db, clock }: WebContext): Router {
  const router = Router()

  router.post('/calls/:id/quality', async (req, res) => {
    const user = currentUser(res)
    const agentId = currentAgent(user)
    const { data } = measured.safeParse(req.body)
    if (!data) throw new HttpError(400, 'not-a-quality')
    const kept = isCallId(req.params.id) && (await keepQuality(db, user.tenantId, agentId, req.params.id, data, clock.now()))
    if (!kept) throw notFound()
    res.status(204).end()
  })

  return router
}

const upTo = (most: number, least = 0) =>
  z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .refine((value) => value >= least && value <= most)
const milliseconds = upTo(60_000)
const thousandths = upTo(1000)
const score = upTo(45, 10)

const measured = z
  .object({
    meanLossPermille: thousandths,
    worstLossPermille: thousandths,
    meanJitterMs: milliseconds,
    worstJitterMs: milliseconds,
    meanRoundTripMs: milliseconds,
    worstRoundTripMs: milliseconds,
    meanMosTenths: score,
    worstMosTenths: score,
  })
  .transform((form) => ({
    mean_loss_permille: form.meanLossPermille,
    worst_loss_permille: form.worstLossPermille,
    mean_jitter_ms: form.meanJitterMs,
    worst_jitter_ms: form.worstJitterMs,
    mean_round_trip_ms: form.meanRoundTripMs,
    worst_round_trip_ms: form.worstRoundTripMs,
    mean_mos_tenths: form.meanMosTenths,
    worst_mos_tenths: form.worstMosTenths,
  }))
