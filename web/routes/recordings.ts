import { Router, type NextFunction, type Response } from 'express'
import { isCallId } from '../../domain/call-id.ts'
import { findRecordingPath } from '../../domain/recordings.ts'
import { findTenant } from '../../domain/tenants.ts'
import type { Context } from '../context.ts'
import { found, notFound } from '../failures.ts'
import { person, viewerOf } from '../people.ts'

/** The audio of a call, in ranges as players ask for it, and a copy to keep where the company allows it. */
export function recordingRoutes({ db, config, log }: Context): Router {
  const router = Router()

  router.get('/calls/:id/recording', (req, res, next) => send(req.params.id, res, next))

  router.get('/calls/:id/recording/copy', async (req, res, next) => {
    const { recording_downloads } = await findTenant(db, person(res).tenantId)
    if (recording_downloads !== 1) throw notFound()
    await send(req.params.id, res, next, { 'Content-Disposition': `attachment; filename="${req.params.id}.mp3"` })
  })

  return router

  async function send(id: string, res: Response, next: NextFunction, headers: Record<string, string> = {}): Promise<void> {
    const path = found(isCallId(id) ? await findRecordingPath(db, viewerOf(person(res)), id) : null)
    // Asked for again each time: a copy in the browser must not outlive the session, nor serve the next person there.
    res.set('Cache-Control', 'private, no-cache')
    res.sendFile(path, { root: config.storageDir, dotfiles: 'deny', headers }, (error?: Error & { status?: number; code?: string }) => {
      // A player that seeks drops the answer it no longer needs.
      if (!error || error.code === 'ECONNABORTED' || error.code === 'EPIPE' || error.code === 'ECONNRESET') return
      if (error.status === 404) log.error({ callId: id, tenantId: person(res).tenantId }, 'a stored recording is not there')
      next(error.status === 404 || error.status === 403 ? notFound() : error)
    })
  }
}
