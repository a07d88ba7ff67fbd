import { Router } from 'express'
import { isCallId } from '../../../domain/telephony/call-id.ts'
import { findCall } from '../../../domain/calls/history/history.ts'
import { agentViewer, panelPerspectiveOf, perspectiveOf, viewerOf, wholeTenant } from '../../../domain/calls/history/visibility.ts'
import { findNextNumber } from '../../../domain/calls/outgoing/next-number.ts'
import { findLastNote } from '../../../domain/calls/wrap-up/last-note.ts'
import { listRecordingPauses } from '../../../domain/calls/recording-pause.ts'
import { findQuality } from '../../../domain/calls/quality.ts'
import { listRungNames } from '../../../domain/calls/incoming/ring-targets.ts'
import { findOffer, listTransferSegments } from '../../../domain/calls/transfers/open-transfers.ts'
import { listContactNumbers } from '../../../domain/contacts/numbers.ts'
import { findDoNotCall } from '../../../domain/policy/do-not-call.ts'
import { findPeaks } from '../../../domain/recordings/recordings.ts'
import { findTenant } from '../../../domain/tenants/tenants.ts'
import type { WebContext } from '../../http/context.ts'
import { found, idIn } from '../../http/errors.ts'
import { wordsOf } from '../../http/locale.ts'
import { renderFragment, renderPage } from '../../http/render-page.ts'
import { currentAgent, currentUser } from '../../http/current-user.ts'
import { field } from '../../http/request.ts'
import { placeRequestedCall } from '../../forms/place-call.ts'
import { callDetails, callTimes, codesText, noRecordingText, pauseText } from '../../wording/call-page.ts'
import { pausedSpans, waveform } from '../../wording/waveform.ts'
import { callChoice } from '../../wording/do-not-call.ts'
import { wrapUpLocals } from '../../forms/wrap-up.ts'

/** Calls: placing one, its page, and its card in the phone's panel. */
export function callPageRoutes(context: WebContext): Router {
  const router = Router()
  const { db, clock } = context

  /** Dials the first number that may be called, or the one that the agent chose: the field `number` as E.164. */
  router.post('/contacts/:id/calls', async (req, res) => {
    await placeRequestedCall(context, req, res, { id: idIn(req.params.id), e164: field(req, 'number') || null })
  })

  router.get('/calls/:id', async (req, res) => {
    const user = currentUser(res)
    const call = found(isCallId(req.params.id) ? await findCall(db, viewerOf(user), req.params.id) : null)
    const words = wordsOf(res)
    const doNotCall = call.e164 === null ? null : await findDoNotCall(db, user.tenantId, call.e164)
    const perspective = perspectiveOf(viewerOf(user), call)
    const numbers = call.contact_id === null ? [] : await listContactNumbers(db, user.tenantId, call.contact_id)
    const [pauses, segments, quality, peaks, rang, { recording_downloads }] = await Promise.all([
      listRecordingPauses(db, user.tenantId, call.id),
      listTransferSegments(db, user.tenantId, call.id),
      findQuality(db, user.tenantId, call.id),
      findPeaks(db, user.tenantId, call.id),
      listRungNames(db, user.tenantId, call.id),
      findTenant(db, user.tenantId),
    ])
    const title = words.t(call.origin === 'incoming' ? 'call.title.incoming' : 'call.title', { name: words.leadName(call) })
    await renderPage(context, req, res, {
      view: 'calls/show',
      title,
      section: 'calls',
      locals: {
        call,
        doNotCall,
        whom: numbers.length > 1 && call.e164 !== null ? callChoice(call.e164, words) : null,
        times: callTimes(call, words),
        details: callDetails(call, { perspective, rang, segments, quality, isManager: user.role === 'manager' }, words),
        codes: codesText(call, words),
        pauses: pauses.map((pause) => ({ ...pause, text: pauseText(pause, words) })),
        pausedSpans: pausedSpans(pauses, call.recording_duration_ms ?? 0),
        noRecording: noRecordingText(call, words),
        wave: peaks && waveform(peaks),
        mayDownload: recording_downloads === 1,
        perspective,
        // An agent whose phone only rang sees neither the note nor the recording.
        ...(perspective === 'rung' ? { wrapUp: null } : await wrapUpLocals(context, res, call.id)),
      },
    })
  })

  router.get('/calls/:id/card', async (req, res) => {
    const user = currentUser(res)
    const { id } = req.params
    const agentId = currentAgent(user)
    const offer = isCallId(id) ? await findOffer(db, user.tenantId, agentId, id, clock.now()) : null
    // An agent who is offered a transfer sees the call before it is theirs.
    const viewer = offer ? wholeTenant(user.tenantId) : viewerOf(user)
    const call = found(isCallId(id) ? await findCall(db, viewer, id) : null)
    const rings = offer !== null || call.state === 'authorized'
    const lastNote = call.e164 === null || !rings ? null : await findLastNote(db, agentViewer(user.tenantId, agentId), call.e164)
    if (offer?.consults) res.set('X-Consults', 'yes')
    const perspective = panelPerspectiveOf(viewerOf(user), call)
    const nextNumber = perspective === 'own' ? await findNextNumber(db, call) : null
    await renderFragment(req, res, 'calls/_current', { call, kind: null, perspective, lastNote, offer, nextNumber })
  })

  return router
}
