import { Router, type Request } from 'express'
import { readId } from '../http/errors.ts'
import { wordsOf } from '../http/locale.ts'
import { offerNewVersion } from '../live/new-version.ts'
import { Stream } from '../live/stream.ts'
import type { LiveStreams } from '../live/streams.ts'
import { currentUser } from '../http/current-user.ts'
import { parameter } from '../http/request.ts'

/** Server-sent events: what happens to the calls that this person may see. */
export function liveRoutes(live: LiveStreams): Router {
  const router = Router()

  router.get('/live', async (req, res) => {
    const words = wordsOf(res)
    const stream = new Stream(res, { user: currentUser(res), locale: words.locale, sessionId: req.sessionID })
    live.open(stream, {
      lastEventId: lastEventIdOf(req),
      onClose: (close) => res.once('close', close),
    })
    await offerNewVersion(stream, parameter(req, 'version'), words)
  })

  return router
}

/** What the page heard last. A browser that comes back says so by itself; a page that opens another stream can only ask with it. */
function lastEventIdOf(req: Request): number | null {
  return readId(req.get('Last-Event-ID') ?? parameter(req, 'after'))
}
