import { Router, type NextFunction, type Response } from 'express'
import { Bucket } from '../../../domain/recordings/bucket.ts'
import { isCallId } from '../../../domain/telephony/call-id.ts'
import { findRecording } from '../../../domain/calls/history/recording.ts'
import { viewerOf } from '../../../domain/calls/history/visibility.ts'
import { findTenant } from '../../../domain/tenants/tenants.ts'
import type { WebContext } from '../../http/context.ts'
import { found, notFound } from '../../http/errors.ts'
import { currentUser } from '../../http/current-user.ts'
import { sendFromBucket } from '../../http/send-from-bucket.ts'

/** The audio of a call, in ranges as players ask for it, and a copy to keep where the company allows it. */
export function recordingRoutes({ db, config, log }: WebContext): Router {
  const router = Router()
  const bucket = config.bucket && new Bucket(config.bucket)

  router.get('/calls/:id/recording', (req, res, next) => send(req.params.id, res, next))

  router.get('/calls/:id/recording/copy', async (req, res, next) => {
    const { recording_downloads } = await findTenant(db, currentUser(res).tenantId)
    if (recording_downloads !== 1) throw notFound()
    await send(req.params.id, res, next, { 'Content-Disposition': `attachment; filename="${req.params.id}.mp3"` })
  })

  return router

  async function send(id: string, res: Response, next: NextFunction, headers: Record<string, string> = {}): Promise<void> {
    const { path, place } = found(isCallId(id) ? await findRecording(db, viewerOf(currentUser(res)), id) : null)
    // Asked for again each time: a copy in the browser must not outlive the session, nor serve the next person there.
    res.set('Cache-Control', 'private, no-cache')
    if (place === 'bucket') return sendBucketFile(id, path, res, headers)
    res.sendFile(path, { root: config.storageDir, dotfiles: 'deny', headers }, (error?: Error & { status?: number; code?: string }) => {
      if (!error || isDropped(error)) return
      if (error.status === 404) logMissing(id, res)
      next(error.status === 404 || error.status === 403 ? notFound() : error)
    })
  }

  async function sendBucketFile(id: string, path: string, res: Response, headers: Record<string, string>): Promise<void> {
    if (bucket === null) throw new Error('a recording is in a bucket, and RAMAL_BUCKET_URL is not set')
    try {
      if (await sendFromBucket(bucket, path, res, headers)) return
    } catch (error) {
      if (res.destroyed || isDropped(error as Error)) return
      throw error
    }
    logMissing(id, res)
    throw notFound()
  }

  function logMissing(callId: string, res: Response): void {
    log.error({ callId, tenantId: currentUser(res).tenantId }, 'stored recording missing')
  }
}

/** A player that seeks closes the connection before the end. */
function isDropped({ code = '' }: NodeJS.ErrnoException): boolean {
  return ['ECONNABORTED', 'EPIPE', 'ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE'].includes(code)
}
