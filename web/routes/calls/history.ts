import { Router } from 'express'
import { isCallId } from '../../../domain/telephony/call-id.ts'
import { listCallListNames } from '../../../domain/call-lists/lists.ts'
import { directions } from '../../../domain/calls/history/filter.ts'
import { perspectiveOf, viewerOf } from '../../../domain/calls/history/visibility.ts'
import { findMatchingCall, hasCalls, listCalls, type HistoryCursor, type ListedCall } from '../../../domain/calls/history/history.ts'
import { listDispositions } from '../../../domain/calls/wrap-up/dispositions.ts'
import { outcomes } from '../../../domain/telephony/hangup-causes.ts'
import { listStaff } from '../../../domain/accounts/staff.ts'
import { findTenant } from '../../../domain/tenants/tenants.ts'
import type { CompanyUser } from '../../../domain/accounts/users.ts'
import {
  callsAddress,
  filterNames,
  historyFilter,
  isBackwards,
  noDisposition,
  readCallFilter,
  without,
  type CallFilter,
  type FilterName,
} from '../../forms/call-filter.ts'
import type { WebContext } from '../../http/context.ts'
import { readMilliseconds } from '../../http/errors.ts'
import { wordsOf } from '../../http/locale.ts'
import { renderFragment, renderPage } from '../../http/render-page.ts'
import { currentUser } from '../../http/current-user.ts'
import { isTarget, parameter } from '../../http/request.ts'
import { filterText } from '../../wording/call-filter.ts'

const pageLength = 50

/** The history of calls: its pages, its filters, and single rows for pages that are open. */
export function callHistoryRoutes(context: WebContext): Router {
  const router = Router()
  const { db } = context

  router.get('/calls', async (req, res) => {
    const user = currentUser(res)
    const viewer = viewerOf(user)
    const filter = readCallFilter(req, user)
    const cursor = readCursor(parameter(req, 'before'))
    const { default_area_code } = await findTenant(db, user.tenantId)
    const asked = (filter: CallFilter) => historyFilter(filter, user.timeZone, default_area_code)
    const calls = await listCalls(db, viewer, { filter: asked(filter), cursor, limit: pageLength + 1 })
    const shown = calls.slice(0, pageLength)
    const locals = {
      calls: shown,
      next: calls.length > pageLength ? callsAddress(filter, { before: cursorAfter(shown.at(-1)) }) : null,
      first: !cursor,
      filtered: Object.keys(filter).length > 0,
      ...rowLocals(user),
    }
    if (isTarget(req, 'more-calls')) return renderFragment(req, res, 'calls/_calls', locals)
    const staff = user.role === 'manager' ? await listStaff(db, user.tenantId) : []
    const [dispositions, lists] = await Promise.all([listDispositions(db, user.tenantId), listCallListNames(db, user.tenantId)])
    const found = {
      ...locals,
      exportAddress: user.role === 'manager' ? callsAddress(filter, {}, '/calls/export') : null,
      backwards: isBackwards(filter),
      loosenings: calls.length > 0 || cursor ? [] : await loosenings(filter, (less) => hasCalls(db, viewer, asked(less))),
      filterText: (name: FilterName) => filterText(name, filter[name] ?? '', { staff, dispositions, lists }, wordsOf(res)),
    }
    if (isTarget(req, 'calls-found')) {
      res.set('HX-Push-Url', callsAddress(filter))
      return renderFragment(req, res, 'calls/_found', found)
    }
    await renderPage(context, req, res, {
      view: 'calls/index',
      title: wordsOf(res).t('calls.title'),
      section: 'calls',
      locals: {
        ...found,
        filter,
        outcomes,
        directions,
        dispositions,
        noDisposition,
        lists,
        agents: staff.filter(({ agentId }) => agentId !== null),
      },
    })
  })

  router.get('/calls/:id/row', async (req, res) => {
    const user = currentUser(res)
    const { default_area_code } = await findTenant(db, user.tenantId)
    const filter = historyFilter(readCallFilter(req, user), user.timeZone, default_area_code)
    const { id } = req.params
    const call = isCallId(id) ? await findMatchingCall(db, viewerOf(user), filter, id) : null
    if (!call) return void res.set('Cache-Control', 'no-store').status(204).end()
    await renderFragment(req, res, 'calls/_call', {
      call,
      perspective: perspectiveOf(viewerOf(user), call),
      showsAgent: user.role === 'manager',
    })
  })

  return router
}

function rowLocals(user: CompanyUser) {
  return { showsAgent: user.role === 'manager', perspectiveFor: (call: ListedCall) => perspectiveOf(viewerOf(user), call) }
}

/** Which of the filters, taken away alone, would leave calls to see. */
async function loosenings(
  filter: CallFilter,
  leavesCalls: (less: CallFilter) => Promise<boolean>,
): Promise<{ name: FilterName; address: string }[]> {
  const found: { name: FilterName; address: string }[] = []
  for (const name of filterNames) {
    if (filter[name] === undefined) continue
    const less = without(filter, name)
    if (await leavesCalls(less)) found.push({ name, address: callsAddress(less) })
  }
  return found
}

/** `1732262400000-<call id>`: where a page of the history ended. */
function readCursor(text: string): HistoryCursor | undefined {
  const [, at, id] = /^(\d+)-([0-9a-f]{32})$/.exec(text) ?? []
  const requestedAt = readMilliseconds(at)
  return requestedAt !== null && id !== undefined ? { requestedAt, id } : undefined
}

function cursorAfter(call: ListedCall | undefined): string {
  return call ? `${call.requested_at.getTime()}-${call.id}` : ''
}
