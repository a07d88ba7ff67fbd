import { Router } from 'express'
import { findUser } from '../../domain/users.ts'
import type { Context } from '../context.ts'
import { wordsOf } from '../language.ts'
import { Stream } from '../live/stream.ts'
import type { LiveStreams } from '../live/streams.ts'
import { person } from '../people.ts'

/** Server-sent events: what happens to the calls that this person may see. */
export function liveRoutes({ db }: Context, live: LiveStreams): Router {
  const router = Router()

  router.get('/live', (req, res) => {
    const user = person(res)
    const { sessionID, sessionStore } = req
    const last = Number(req.get('Last-Event-ID') ?? NaN)
    const hasSession = () =>
      new Promise<boolean>((resolve, reject) => {
        sessionStore.get(sessionID, (error, session) => (error ? reject(error as Error) : resolve(session?.userId === user.id)))
      })
    live.open(new Stream(res, { user, locale: wordsOf(res).locale, sessionId: sessionID }), {
      lastEventId: Number.isSafeInteger(last) ? last : null,
      isAlive: async () => (await hasSession()) && (await findUser(db, user.id)) !== null,
      onClose: (close) => res.once('close', close),
    })
  })

  return router
}
