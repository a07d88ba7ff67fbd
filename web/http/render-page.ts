import type { Request, Response } from 'express'
import { findCallAtHand } from '../../domain/calls/history/history.ts'
import { panelPerspectiveOf, viewerOf } from '../../domain/calls/history/visibility.ts'
import { findNextNumber } from '../../domain/calls/outgoing/next-number.ts'
import { readBalance } from '../../domain/balance/statement.ts'
import { countDueTasks } from '../../domain/tasks/tasks.ts'
import type { CompanyUser } from '../../domain/accounts/users.ts'
import { findTenantWarning } from '../../domain/policy/tenant-warnings.ts'
import { appVersion } from './app-version.ts'
import type { WebContext } from './context.ts'
import { csrfToken } from './csrf.ts'
import { wordsOf } from './locale.ts'
import type { Translate } from '../locales/translate.ts'
import { findCurrentUser } from './current-user.ts'
import { render } from './render.ts'
import { isHtmx, isUnsafe } from './request.ts'
import { wrapUpLocals } from '../forms/wrap-up.ts'
import { menuItems, shortcuts } from '../wording/navigation.ts'
import { echoSteps, lineStates, phoneNotices } from '../wording/phone-panel.ts'

export interface Page {
  view: string
  title: string
  /** The item of the navigation that it belongs to. */
  section: 'contacts' | 'lists' | 'tasks' | 'calls' | 'phone' | 'balance' | 'do-not-call' | 'rules' | 'none'
  locals?: Record<string, unknown>
  status?: number
}

/**
 * Answers with a page: whole for a browser, and without its frame (navigation, phone) for htmx, which keeps the
 * frame that is there and with it the call in progress.
 */
export async function renderPage(context: WebContext, req: Request, res: Response, page: Page): Promise<void> {
  const user = findCurrentUser(res)
  const words = wordsOf(res)
  const locals = {
    words,
    t: words.t,
    user,
    shortcuts: user && shortcuts(user),
    csrfToken: csrfToken(res),
    ...page.locals,
    section: page.section,
    title: page.title,
  }
  const content = await render(page.view, locals)
  const notice = takeNotice(req, words.t)
  // An answer without its frame must never come out of a cache as the page itself.
  res.status(page.status ?? 200).set({ 'Cache-Control': 'no-store', Vary: 'HX-Request, HX-Target, Cookie' })
  // A form that came back with its mistakes is still at its own address.
  if (isUnsafe(req)) res.set('HX-Push-Url', 'false')
  const frameName = user === null ? 'bare' : user.role === 'operator' ? 'operator' : 'frame'
  const layout = isHtmx(req) ? 'layout/content' : `layout/${frameName}`
  const frame = layout === 'layout/frame' && user && user.role !== 'operator' ? await frameOf(context, res, user) : {}
  res.type('html').send(await render(layout, { ...locals, ...frame, content, notice }))
}

/** Answers with a part of a page. */
export async function renderFragment(_req: Request, res: Response, view: string, locals: Record<string, unknown>): Promise<void> {
  const words = wordsOf(res)
  res.set({ 'Cache-Control': 'no-store', Vary: 'HX-Request, HX-Target, Cookie' })
  res.type('html').send(await render(view, { words, t: words.t, user: findCurrentUser(res), csrfToken: csrfToken(res), ...locals }))
}

/** How long after its end a newly loaded page still shows a call in its panel. */
const atHandMs = 5 * 60_000

async function frameOf(context: WebContext, res: Response, user: CompanyUser): Promise<Record<string, unknown>> {
  const { db, clock } = context
  const [{ balanceSeconds }, warning, atHand, dueTasks] = await Promise.all([
    readBalance(db, user.tenantId),
    findTenantWarning(db, user.tenantId),
    user.agentId === null ? null : callAtHand(context, res, user, user.agentId),
    countDueTasks(db, viewerOf(user), clock.now()),
  ])
  const { t } = wordsOf(res)
  const phone = user.agentId === null ? {} : { lineStates: lineStates(t), echoSteps: echoSteps(t), phoneNotices: phoneNotices(t), atHand }
  return { menuItems: menuItems(user), balanceSeconds, warning, dueTasks, appVersion: appVersion(), ...phone }
}

/** It comes with the page, and what may be said of it too: brought a moment later they would push the keys away under a finger. */
async function callAtHand(context: WebContext, res: Response, user: CompanyUser, agentId: number): Promise<Record<string, unknown> | null> {
  const call = await findCallAtHand(context.db, user.tenantId, agentId, new Date(context.clock.now().getTime() - atHandMs))
  if (!call) return null
  const perspective = panelPerspectiveOf(viewerOf(user), call)
  const nextNumber = perspective === 'own' ? await findNextNumber(context.db, call) : null
  return { call, perspective, nextNumber, ...(await wrapUpLocals(context, res, call.id)) }
}

function takeNotice(req: Request, t: Translate): { sentence: string; undo: string | null; tone: 'good' | 'trouble' } | null {
  const { notice } = req.session
  if (!notice) return null
  delete req.session.notice
  return { sentence: t(notice.key, notice.values), undo: notice.undo ?? null, tone: notice.tone ?? 'good' }
}
