import { Router, type Request, type Response } from 'express'
import { isCallId } from '../../../domain/telephony/call-id.ts'
import { noteListCallback } from '../../../domain/call-lists/entries/skip.ts'
import { findCall, type ListedCall } from '../../../domain/calls/history/history.ts'
import { perspectiveOf, viewerOf } from '../../../domain/calls/history/visibility.ts'
import { findWrapUp, longestNote, saveWrapUp, type WrapUp } from '../../../domain/calls/wrap-up/wrap-up.ts'
import { inTransaction } from '../../../domain/database/transaction.ts'
import { addTask, longestTaskNote } from '../../../domain/tasks/tasks.ts'
import { readCallbackTime } from '../../forms/callback-time.ts'
import type { WebContext } from '../../http/context.ts'
import { found } from '../../http/errors.ts'
import { wordsOf } from '../../http/locale.ts'
import { renderFragment } from '../../http/render-page.ts'
import { currentUser } from '../../http/current-user.ts'
import { field, wantsJson } from '../../http/request.ts'
import { seeOther } from '../../auth/sessions.ts'
import { wrapUpLocals } from '../../forms/wrap-up.ts'

/** The wrap-up of a call, during it or after it: result, note, and callback. */
export function wrapUpRoutes(context: WebContext): Router {
  const router = Router()
  const { db, clock } = context

  router.get('/calls/:id/wrap-up', async (req, res) => {
    const call = await callOf(req, res)
    await renderFragment(req, res, 'calls/_wrap-up', { call, place: 'panel', ...(await wrapUpLocals(context, res, call.id)) })
  })

  router.post('/calls/:id/wrap-up', async (req, res) => {
    const user = currentUser(res)
    const { id } = await callOf(req, res)
    const saved = found(await saveWrapUp(db, viewerOf(user), id, readWrapUp(req), user.id, clock.now()))
    if (saved.outcome === 'changed-meanwhile') {
      // The typed note stays in the page; without JavaScript, behind the browser's Back button.
      const { note, revision } = saved.present
      const words = wordsOf(res).t('wrap-up.changed')
      res.status(409)
      return void (wantsJson(req) ? res.json({ revision, note }) : res.type('text').send(`${words}\n\n${note}`))
    }
    if (wantsJson(req)) return void res.json({ revision: saved.revision })
    await seeOther(req, res, `/calls/${id}`)
  })

  router.post('/calls/:id/callbacks', async (req, res) => {
    const user = currentUser(res)
    const call = await callOf(req, res)
    const e164 = found(call.e164)
    const now = clock.now()
    const words = wordsOf(res)
    const dueAt = readCallbackTime(req, user.timeZone, now)
    if (dueAt === null) {
      res.status(422)
      return renderFragment(req, res, 'calls/_callback', { call, place: placeOf(req), wrongAt: field(req, 'at'), added: null })
    }
    const { note } = found(await findWrapUp(db, viewerOf(user), call.id))
    // The agent who schedules it; for a manager's request, the last agent of the call.
    const agentId = user.role === 'agent' ? user.agentId : (call.transferred_to_agent_id ?? call.agent_id)
    const task = { kind: 'callback', e164, agentId, dueAt, callId: call.id, createdBy: user.id } as const
    await inTransaction(db, async (trx) => {
      await noteListCallback(trx, call, now)
      await addTask(trx, user.tenantId, { ...task, note: firstLine(note) }, now)
    })
    const added = words.t('tasks.added', { name: words.leadName(call), when: words.moment(dueAt).text })
    await renderFragment(req, res, 'calls/_callback', { call, place: placeOf(req), wrongAt: null, added })
  })

  async function callOf(req: Request, res: Response): Promise<ListedCall> {
    const id = req.params['id']
    const user = currentUser(res)
    const call = found(typeof id === 'string' && isCallId(id) ? await findCall(db, viewerOf(user), id) : null)
    // The call only rang here: another agent has it.
    return found(perspectiveOf(viewerOf(user), call) === 'rung' ? null : call)
  }

  return router
}

function readWrapUp(req: Request): WrapUp {
  const number = (name: string) => Number(/^\d{1,9}$/.exec(field(req, name))?.[0] ?? 0)
  // A form sends its line breaks as CR LF.
  const note = field(req, 'note').replaceAll('\r\n', '\n').trimEnd().slice(0, longestNote)
  return { dispositionId: number('disposition') || null, note, revision: number('revision') }
}

/** Where the form stands: the same call may be in the panel and on its page. */
function placeOf(req: Request): string {
  return field(req, 'place') === 'page' ? 'page' : 'panel'
}

function firstLine(note: string): string {
  return (note.split('\n')[0] ?? '').slice(0, longestTaskNote)
}
