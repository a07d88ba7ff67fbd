import { Router } from 'express'
import { isCallId } from '../../domain/call-id.ts'
import { findCall } from '../../domain/calls/history.ts'
import { findLastSaid } from '../../domain/calls/last-said.ts'
import { listRecordingPauses } from '../../domain/calls/recording-pause.ts'
import { findQuality } from '../../domain/calls/quality.ts'
import { listRungNames } from '../../domain/calls/rings.ts'
import { findContact } from '../../domain/contacts.ts'
import { findDoNotCall } from '../../domain/do-not-call.ts'
import { findPeaks } from '../../domain/recordings.ts'
import { findTenant } from '../../domain/tenants.ts'
import type { Context } from '../context.ts'
import { found, idIn } from '../failures.ts'
import { wordsOf } from '../language.ts'
import { showFragment, showPage } from '../pages.ts'
import { agentOf, eyeOf, person, viewerOf } from '../people.ts'
import { placeCall } from '../place-call.ts'
import { waveform } from '../wording/waveform.ts'
import { wrapUpLocals } from '../wrap-up.ts'

/** Calls: asking for one, the page of one, and its card in the phone's panel. */
export function callRoutes(context: Context): Router {
  const router = Router()
  const { db } = context

  router.post('/contacts/:id/calls', async (req, res) => {
    const user = person(res)
    agentOf(user)
    await placeCall(context, req, res, found(await findContact(db, user.tenantId, idIn(req.params.id))))
  })

  router.get('/calls/:id', async (req, res) => {
    const user = person(res)
    const call = found(isCallId(req.params.id) ? await findCall(db, viewerOf(user), req.params.id) : null)
    const words = wordsOf(res)
    const barred = call.e164 === null ? null : await findDoNotCall(db, user.tenantId, call.e164)
    const eye = eyeOf(user, call)
    const [pauses, quality, peaks, rang, { recording_downloads }] = await Promise.all([
      listRecordingPauses(db, user.tenantId, call.id),
      findQuality(db, user.tenantId, call.id),
      findPeaks(db, user.tenantId, call.id),
      listRungNames(db, user.tenantId, call.id),
      findTenant(db, user.tenantId),
    ])
    const title = words.t(call.origin === 'incoming' ? 'call.title.incoming' : 'call.title', { whom: words.whom(call) })
    await showPage(context, req, res, {
      view: 'calls/show',
      title,
      section: 'calls',
      locals: {
        call,
        barred,
        pauses,
        quality,
        wave: peaks && waveform(peaks),
        mayDownload: recording_downloads === 1,
        rang,
        eye,
        // What is said of a call, and its recording, are not for those whose phones it only rang.
        ...(eye === 'rung' ? { wrapUp: null } : await wrapUpLocals(context, res, call.id)),
      },
    })
  })

  router.get('/calls/:id/card', async (req, res) => {
    const user = person(res)
    agentOf(user)
    const call = found(isCallId(req.params.id) ? await findCall(db, viewerOf(user), req.params.id) : null)
    const eye = eyeOf(user, call) === 'own' ? 'own' : 'rung'
    const own = { tenantId: user.tenantId, onlyAgentId: user.agentId }
    const said = call.e164 === null || call.state !== 'authorized' ? null : await findLastSaid(db, own, call.e164)
    await showFragment(req, res, 'calls/_current', { call, kind: null, eye, said })
  })

  return router
}
