import { Router } from 'express'
import { wordsOf } from '../language.ts'
import { Stream } from '../live/stream.ts'
import type { LiveStreams } from '../live/streams.ts'
import { person } from '../people.ts'

/** Server-sent events: what happens to the calls that this person may see. */
export function liveRoutes(live: LiveStreams): Router {
  const router = Router()

  router.get('/live', (req, res) => {
    const user = person(res)
    const last = Number(req.get('Last-Event-ID') ?? NaN)
    live.open(new Stream(res, { user, locale: wordsOf(res).locale, sessionId: req.sessionID }), {
      lastEventId: Number.isSafeInteger(last) ? last : null,
      onClose: (close) => res.once('close', close),
    })
  })

  return router
}
