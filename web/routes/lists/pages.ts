import { Router, type Request, type Response } from 'express'
import {
  countByAgent,
  countReasons,
  entryStates,
  listEntries,
  type EntryState,
  type ListedEntry,
} from '../../../domain/call-lists/entries/entries.ts'
import {
  addCallList,
  changeCallList,
  closeCallList,
  countLeads,
  findCallList,
  findListProgress,
  hasListCalls,
  listCallLists,
  longestListName,
  longestWaitMinutes,
  mostAttempts,
  removeCallList,
  reopenCallList,
  type CallList,
} from '../../../domain/call-lists/lists.ts'
import { listTags } from '../../../domain/contacts/tags.ts'
import { localTime } from '../../../domain/runtime/local-time.ts'
import { listStaff } from '../../../domain/accounts/staff.ts'
import { sheetFormat } from '../../forms/call-export.ts'
import type { WebContext } from '../../http/context.ts'
import { found, idIn, readId, readMilliseconds } from '../../http/errors.ts'
import { wordsOf } from '../../http/locale.ts'
import { blankListForm, leadsFilter, readListForm, readListLeads, type ListForm, type ListLeads } from '../../forms/list-form.ts'
import { listSheetLine, listSheetTitles } from '../../forms/list-export.ts'
import { renderFragment, renderPage } from '../../http/render-page.ts'
import { currentUser, requireManager } from '../../http/current-user.ts'
import { isTarget, parameter } from '../../http/request.ts'
import { sendCsv } from '../../http/send-csv.ts'
import { seeOther } from '../../auth/sessions.ts'

const pageLength = 100
/** Entries that are in memory at a time. */
const batchLength = 1000

/** Call lists: the overview, and what a manager does with a list. */
export function listPageRoutes(context: WebContext): Router {
  const router = Router()
  const { db, clock, log } = context

  router.get('/lists', async (req, res) => {
    const { tenantId, role } = currentUser(res)
    const [open, closed] = await Promise.all([
      listCallLists(db, tenantId),
      role === 'manager' ? listCallLists(db, tenantId, { closed: true }) : [],
    ])
    if (isTarget(req, 'lists')) return renderFragment(req, res, 'lists/_lists', { open, closed })
    await renderPage(context, req, res, {
      view: 'lists/index',
      title: wordsOf(res).t('lists.title'),
      section: 'lists',
      locals: { open, closed },
    })
  })

  router.get('/lists/new', async (req, res) => {
    const { tenantId } = requireManager(currentUser(res))
    const leads = readListLeads(req)
    if (isTarget(req, 'list-size')) {
      return renderFragment(req, res, 'lists/_size', { size: await countLeads(db, tenantId, leadsFilter(leads)) })
    }
    await showForm(req, res, { ...blankListForm, name: parameter(req, 'name') || leads.tag }, leads)
  })

  router.post('/lists', async (req, res) => {
    const user = requireManager(currentUser(res))
    const [form, leads] = [readListForm(req), readListLeads(req)]
    if (!form.rules) return showForm(req, res, form, leads)
    const added = await addCallList(db, user.tenantId, leadsFilter(leads), form.rules, user.id, clock.now())
    if (!added) return showForm(req, res, { ...form, errors: { leads: 'lists.error.leads' } }, leads)
    req.session.notice = {
      key: added.size === 1 ? 'lists.added.one' : 'lists.added',
      values: { name: form.rules.name, count: wordsOf(res).count(added.size) },
    }
    await seeOther(req, res, `/lists/${added.id}`)
  })

  router.get('/lists/:id', async (req, res) => showList(req, res, null))

  router.post('/lists/:id', async (req, res) => {
    const list = await listOf(req, res)
    const form = readListForm(req)
    if (!form.rules) return showList(req, res, form)
    await changeCallList(db, list.tenant_id, list.id, form.rules)
    req.session.notice = { key: 'lists.saved', values: { name: form.rules.name } }
    await seeOther(req, res, `/lists/${list.id}`)
  })

  router.post('/lists/:id/closing', async (req, res) => {
    const { id, tenant_id, name } = await listOf(req, res)
    const now = clock.now()
    const closed = await closeCallList(db, tenant_id, id, now)
    const undo = closed ? { undo: `/lists/${id}/reopening?closed=${now.getTime()}` } : {}
    req.session.notice = { key: 'lists.closed', values: { name }, ...undo }
    await seeOther(req, res, '/lists')
  })

  /** The undo of a closing has its moment in `closed`. */
  router.post('/lists/:id/reopening', async (req, res) => {
    const { id, tenant_id, name } = await listOf(req, res)
    const isOpen = await reopenCallList(db, tenant_id, id, readMilliseconds(parameter(req, 'closed')))
    req.session.notice = isOpen
      ? { key: 'lists.reopened', values: { name } }
      : { key: 'lists.closed-since', values: { name }, tone: 'trouble' }
    await seeOther(req, res, '/lists')
  })

  router.post('/lists/:id/removal', async (req, res) => {
    const { id, tenant_id, name } = await listOf(req, res)
    const removed = await removeCallList(db, tenant_id, id)
    req.session.notice = { key: removed ? 'lists.removed' : 'lists.in-use', values: { name } }
    await seeOther(req, res, removed ? '/lists' : `/lists/${id}`)
  })

  router.get('/lists/:id/export', async (req, res) => {
    const user = currentUser(res)
    const list = await listOf(req, res)
    const batch = (afterId = 0) => listEntries(db, user.tenantId, list.id, { state: stateIn(req), afterId, limit: batchLength })
    // Before anything is sent: a failure here is still an answer.
    const first = await batch()
    const words = wordsOf(res)
    const lines = async function* () {
      yield listSheetTitles(words)
      for await (const entry of everyEntry(first, batch)) yield listSheetLine(entry, words, user.timeZone)
    }
    const name = words.t('lists.export.file', { id: list.id, day: localTime(clock.now(), user.timeZone).day })
    await sendCsv(res, { name, format: sheetFormat(words), lines: lines() }, log.child({ tenantId: user.tenantId }))
  })

  /** `form`: the rules as typed, with their errors. */
  async function showList(req: Request, res: Response, form: ListForm | null): Promise<void> {
    const { tenantId } = requireManager(currentUser(res))
    const list = found(await findListProgress(db, tenantId, idIn(req.params['id'])))
    const { id, tenant_id, name } = list
    if (isTarget(req, 'list-progress')) {
      const [reasons, agents] = await Promise.all([countReasons(db, tenant_id, id), countByAgent(db, tenant_id, id)])
      return renderFragment(req, res, 'lists/_progress', { list, reasons, agents })
    }
    const state = stateIn(req)
    const entries = await listEntries(db, tenant_id, id, {
      state,
      afterId: readId(parameter(req, 'after')) ?? 0,
      limit: pageLength + 1,
    })
    const shown = entries.slice(0, pageLength)
    const last = entries.length > pageLength ? shown.at(-1) : undefined
    const next = last ? `/lists/${id}?${new URLSearchParams({ ...(state && { state }), after: String(last.id) }).toString()}` : null
    if (isTarget(req, 'more-entries')) return renderFragment(req, res, 'lists/_entries', { entries: shown, next })
    const [reasons, agents, used] = await Promise.all([
      countReasons(db, tenant_id, id),
      countByAgent(db, tenant_id, id),
      hasListCalls(db, tenant_id, id),
    ])
    const stored = { name, attempts: String(list.most_attempts), wait: String(list.wait_minutes), errors: {} }
    await renderPage(context, req, res, {
      view: 'lists/show',
      title: name,
      section: 'lists',
      status: form ? 422 : 200,
      locals: { list, reasons, agents, used, state, states: entryStates, entries: shown, next, form: form ?? stored, ...limits },
    })
  }

  async function showForm(req: Request, res: Response, form: ListForm, leads: ListLeads): Promise<void> {
    const { tenantId } = currentUser(res)
    const [size, tags, people] = await Promise.all([
      countLeads(db, tenantId, leadsFilter(leads)),
      listTags(db, tenantId),
      listStaff(db, tenantId),
    ])
    await renderPage(context, req, res, {
      view: 'lists/new',
      title: wordsOf(res).t('lists.new'),
      section: 'lists',
      status: Object.keys(form.errors).length > 0 ? 422 : 200,
      locals: { form, leads, size, tags, people, ...limits },
    })
  }

  async function listOf(req: Request, res: Response): Promise<CallList> {
    const { tenantId } = requireManager(currentUser(res))
    return found(await findCallList(db, tenantId, idIn(req.params['id'])))
  }

  return router
}

const limits = { longestListName, mostAttempts, longestWaitMinutes }

function stateIn(req: Request): EntryState | null {
  return entryStates.find((state) => state === parameter(req, 'state')) ?? null
}

async function* everyEntry(first: ListedEntry[], next: (afterId: number) => Promise<ListedEntry[]>): AsyncGenerator<ListedEntry> {
  for (let batch = first; ;) {
    yield* batch
    const last = batch.at(-1)
    if (!last || batch.length < batchLength) return
    batch = await next(last.id)
  }
}
