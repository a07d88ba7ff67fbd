import { Router, type Request, type Response } from 'express'
import { claimNext } from '../../../domain/call-lists/claim.ts'
import { findHeldEntry, type ListedEntry } from '../../../domain/call-lists/entries/entries.ts'
import { giveBack, renewHold, type AgentRef } from '../../../domain/call-lists/entries/hold.ts'
import { findCallList, findListProgress, type CallList } from '../../../domain/call-lists/lists.ts'
import { callBackLater, skipEntry } from '../../../domain/call-lists/entries/skip.ts'
import { listCallingHours } from '../../../domain/policy/calling-hours.ts'
import { listContactCalls, type ContactCall } from '../../../domain/calls/history/contact-history.ts'
import { perspectiveOf, viewerOf } from '../../../domain/calls/history/visibility.ts'
import { listContactNumbers } from '../../../domain/contacts/numbers.ts'
import { readCallbackTime } from '../../forms/callback-time.ts'
import type { WebContext } from '../../http/context.ts'
import { found, idIn } from '../../http/errors.ts'
import { wordsOf } from '../../http/locale.ts'
import { renderFragment, renderPage } from '../../http/render-page.ts'
import { currentAgent, currentUser } from '../../http/current-user.ts'
import { placeRequestedCall } from '../../forms/place-call.ts'
import { field, isTarget } from '../../http/request.ts'
import { seeOther } from '../../auth/sessions.ts'
import { entryStateText, noLeadText, type NoClaim } from '../../wording/list-work.ts'

/** An agent works through a list: one lead after another. */
export function listWorkRoutes(context: WebContext): Router {
  const router = Router()
  const { db, clock } = context

  router.get('/lists/:id/work', async (req, res) => showWork(req, res, await listOf(req, res)))

  /** The next lead, please. */
  router.post('/lists/:id/work', async (req, res) => goOn(req, res, await listOf(req, res)))

  router.post('/lists/:id/hold', async (req, res) => {
    const { id } = await listOf(req, res)
    res.status((await renewHold(db, workerOf(res), id, clock.now())) ? 204 : 409).end()
  })

  router.post('/lists/:id/leaving', async (req, res) => {
    await listOf(req, res)
    await giveBack(db, workerOf(res))
    await seeOther(req, res, '/lists')
  })

  router.post('/lists/:id/entries/:entry/calls', async (req, res) => {
    const list = await listOf(req, res)
    const entry = found(await entryOf(req, res, list))
    await placeRequestedCall(context, req, res, { id: entry.contact_id, e164: field(req, 'number') || null, listId: list.id })
  })

  router.post('/lists/:id/entries/:entry/skip', async (req, res) => {
    const list = await listOf(req, res)
    const entry = await entryOf(req, res, list)
    if (!entry) return seeOther(req, res, `/lists/${list.id}/work`)
    const skipped = await skipEntry(db, workerOf(res), entry.id, clock.now())
    const key = skipped === 'passed over' ? 'lists.skipped.passed' : 'lists.skipped'
    if (skipped !== null) req.session.notice = { key, values: { name: wordsOf(res).leadName(entry) } }
    await goOn(req, res, list)
  })

  router.post('/lists/:id/entries/:entry/callback', async (req, res) => {
    const user = currentUser(res)
    const list = await listOf(req, res)
    const entry = await entryOf(req, res, list)
    if (!entry) return seeOther(req, res, `/lists/${list.id}/work`)
    const dueAt = readCallbackTime(req, user.timeZone, clock.now())
    if (dueAt === null) return showWork(req, res, list, { wrongAt: field(req, 'at') })
    const agreed = await callBackLater(db, workerOf(res), entry.id, { dueAt, userId: user.id }, clock.now())
    const values = { name: wordsOf(res).leadName(entry), when: wordsOf(res).moment(dueAt).text }
    if (agreed) req.session.notice = { key: 'tasks.added', values }
    await goOn(req, res, list)
  })

  /** The next lead, or why there is none. */
  async function goOn(req: Request, res: Response, list: CallList): Promise<void> {
    const claim = found(await claimNext(db, workerOf(res), list.id, clock.now()))
    if (claim.outcome === 'claimed') return seeOther(req, res, `/lists/${list.id}/work`)
    await showWork(req, res, list, { claim })
  }

  async function showWork(
    req: Request,
    res: Response,
    list: CallList,
    { claim = null, wrongAt = null }: { claim?: NoClaim | null; wrongAt?: string | null } = {},
  ): Promise<void> {
    const user = currentUser(res)
    const now = clock.now()
    const entry = claim === null ? await findHeldEntry(db, workerOf(res), list.id, now) : null
    const numbers = entry ? await listContactNumbers(db, user.tenantId, entry.contact_id) : []
    const words = wordsOf(res)
    const isToBeCalled = entry?.state === 'waiting' && entry.due_at <= now
    const locals = {
      list: found(await findListProgress(db, user.tenantId, list.id)),
      entry,
      isToBeCalled,
      state: entry && entryStateText(entry, isToBeCalled, list, words),
      otherNumbers: numbers.filter(({ e164 }) => e164 !== entry?.e164),
      calls: entry
        ? await listContactCalls(db, viewerOf(user), { numbers: numbers.map(({ e164 }) => e164), contactId: entry.contact_id }, lastCalls)
        : [],
      perspectiveFor: (call: ContactCall) => perspectiveOf(viewerOf(user), call),
      noLead: entry ? null : noLeadText(list, claim, await listCallingHours(db, user.tenantId), now, words),
      wrongAt,
    }
    if (isTarget(req, 'list-work')) return renderFragment(req, res, 'lists/_work', locals)
    const status = wrongAt === null ? 200 : 422
    await renderPage(context, req, res, { view: 'lists/work', title: list.name, section: 'lists', status, locals })
  }

  async function listOf(req: Request, res: Response): Promise<CallList> {
    const user = currentUser(res)
    currentAgent(user)
    return found(await findCallList(db, user.tenantId, idIn(req.params['id'])))
  }

  /** What lies before the agent, if that is what the address names: a page may have been open for too long, or pressed twice. */
  async function entryOf(req: Request, res: Response, list: CallList): Promise<ListedEntry | null> {
    const entry = await findHeldEntry(db, workerOf(res), list.id, clock.now())
    return entry?.id === idIn(req.params['entry']) ? entry : null
  }

  return router
}

const lastCalls = 5

function workerOf(res: Response): AgentRef {
  const user = currentUser(res)
  return { tenantId: user.tenantId, agentId: currentAgent(user) }
}
