import { Router, type Request, type Response } from 'express'
import {
  addDoNotCall,
  findDoNotCall,
  listDoNotCall,
  removeDoNotCall,
  restoreDoNotCall,
  type DoNotCallEntry,
} from '../../../domain/policy/do-not-call.ts'
import { parseLineNumber } from '../../../domain/telephony/line-number.ts'
import { formatPhoneNumber } from '../../../domain/telephony/phone-numbers.ts'
import { findTenant } from '../../../domain/tenants/tenants.ts'
import type { WebContext } from '../../http/context.ts'
import { e164In, found, readMilliseconds } from '../../http/errors.ts'
import { wordsOf } from '../../http/locale.ts'
import { renderFragment, renderPage } from '../../http/render-page.ts'
import { currentUser, requireManager } from '../../http/current-user.ts'
import { longestReason, readReason } from '../../forms/reason.ts'
import { seeOther } from '../../auth/sessions.ts'
import { entryOf, rememberRemoved, takeRemoved } from './removed-numbers.ts'
import { cameFrom, field, isTarget, parameter } from '../../http/request.ts'

const pageLength = 50

/** The do-not-call list of a company, for its manager: search, add, remove and put back. */
export function doNotCallListRoutes(context: WebContext): Router {
  const router = Router()
  const { db, clock, log } = context

  router.get('/do-not-call', async (req, res) => {
    const { tenantId } = requireManager(currentUser(res))
    const q = parameter(req, 'q').trim().slice(0, 100)
    const before = readCursor(parameter(req, 'before'))
    const entries = await listDoNotCall(db, tenantId, { search: q, before, limit: pageLength + 1 })
    const shown = entries.slice(0, pageLength)
    const locals = { q, entries: shown, next: entries.length > pageLength ? cursorAfter(shown.at(-1)) : null }
    if (isTarget(req, 'more-numbers')) return renderFragment(req, res, 'do-not-call/_entries', locals)
    if (isTarget(req, 'numbers')) return renderFragment(req, res, 'do-not-call/_list', locals)
    await renderPage(context, req, res, {
      view: 'do-not-call/index',
      title: wordsOf(res).t('do-not-call.title'),
      section: 'do-not-call',
      locals,
    })
  })

  router.get('/do-not-call/new', async (req, res) => {
    requireManager(currentUser(res))
    await showForm(context, req, res, { number: '', reason: '', errors: {} })
  })

  router.post('/do-not-call', async (req, res) => {
    const { tenantId, email } = requireManager(currentUser(res))
    const { default_area_code } = await findTenant(db, tenantId)
    const [number, reason] = [field(req, 'number'), readReason(req)]
    const line = parseLineNumber(number, default_area_code)
    const words = wordsOf(res)
    const errors: Errors = {}
    if (line.kind === 'invalid') errors.number = words.fault(line.fault, number, default_area_code)
    if (reason.length > longestReason) errors.reason = words.t('do-not-call.reason-long')
    if (line.kind === 'invalid' || errors.reason !== undefined) return showForm(context, req, res, { number, reason, errors }, 422)
    const { e164 } = line
    const added = await addDoNotCall(db, tenantId, [e164], { reason, author: email }, clock.now())
    req.session.notice = { key: added === 1 ? 'do-not-call.added' : 'do-not-call.known', values: { name: formatPhoneNumber(e164) } }
    await seeOther(req, res, '/do-not-call')
  })

  router.post('/do-not-call/:digits/removal', async (req, res) => {
    const { tenantId, email } = requireManager(currentUser(res))
    const e164 = e164In(req.params.digits)
    const entry = found(await removeDoNotCall(db, tenantId, e164))
    log.info({ tenantId, email }, 'do-not-call entry removed')
    rememberRemoved(req, entry)
    if (isTarget(req, rowOf(e164))) return renderFragment(req, res, 'do-not-call/_removed', { entry })
    const name = entry.contact_name ?? formatPhoneNumber(e164)
    req.session.notice = { key: 'do-not-call.removed', values: { name }, undo: `/do-not-call/${e164.slice(1)}/restoration` }
    await seeOther(req, res, cameFrom(req))
  })

  router.post('/do-not-call/:digits/restoration', async (req, res) => {
    const { tenantId } = requireManager(currentUser(res))
    const e164 = e164In(req.params.digits)
    for (const removed of takeRemoved(req, [e164])) await restoreDoNotCall(db, tenantId, entryOf(removed))
    const entry = found(await findDoNotCall(db, tenantId, e164))
    if (isTarget(req, rowOf(e164))) return renderFragment(req, res, 'do-not-call/_entry', { entry, takesFocus: true })
    req.session.notice = { key: 'do-not-call.restored', values: { name: entry.contact_name ?? formatPhoneNumber(e164) } }
    await seeOther(req, res, cameFrom(req))
  })

  return router
}

type Errors = Partial<Record<'number' | 'reason', string>>

async function showForm(
  context: WebContext,
  req: Request,
  res: Response,
  form: { number: string; reason: string; errors: Errors },
  status = 200,
): Promise<void> {
  const { default_area_code } = await findTenant(context.db, currentUser(res).tenantId)
  await renderPage(context, req, res, {
    view: 'do-not-call/new',
    title: wordsOf(res).t('do-not-call.new'),
    section: 'do-not-call',
    status,
    locals: { form, areaCode: default_area_code },
  })
}

function rowOf(e164: string): string {
  return `number-${e164.slice(1)}`
}

/** `1732262400000-5511987654321`: where a page of the list ended. */
function readCursor(text: string): { createdAt: Date; e164: string } | undefined {
  const [, at, digits] = /^(\d+)-(\d{5,15})$/.exec(text) ?? []
  const createdAt = readMilliseconds(at)
  return createdAt !== null && digits !== undefined ? { createdAt, e164: `+${digits}` } : undefined
}

function cursorAfter(entry: DoNotCallEntry | undefined): string | null {
  return entry ? `${entry.created_at.getTime()}-${entry.e164.slice(1)}` : null
}
