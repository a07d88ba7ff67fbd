import { Router } from 'express'
import { listCalls, type HistoryCursor, type ListedCall } from '../../../domain/calls/history/history.ts'
import { viewerOf } from '../../../domain/calls/history/visibility.ts'
import { localTime } from '../../../domain/runtime/local-time.ts'
import { findTenant } from '../../../domain/tenants/tenants.ts'
import { historyFilter, readCallFilter } from '../../forms/call-filter.ts'
import { sheetFormat, sheetLine, sheetTitles } from '../../forms/call-export.ts'
import type { WebContext } from '../../http/context.ts'
import { wordsOf } from '../../http/locale.ts'
import { currentUser, requireManager } from '../../http/current-user.ts'
import { sendCsv } from '../../http/send-csv.ts'

/** Calls that are in memory at a time. */
const batchLength = 1000

/** The history as a sheet, for a manager: the calls that the filters of the address show, all of them. */
export function callExportRoutes({ db, clock, log }: WebContext): Router {
  const router = Router()

  router.get('/calls/export', async (req, res) => {
    const user = requireManager(currentUser(res))
    const { slug, default_area_code } = await findTenant(db, user.tenantId)
    const filter = historyFilter(readCallFilter(req, user), user.timeZone, default_area_code)
    const batch = (cursor?: HistoryCursor) => listCalls(db, viewerOf(user), { filter, cursor, limit: batchLength })
    // Before anything is sent: a failure here is still an answer.
    const first = await batch()
    const words = wordsOf(res)
    const day = localTime(clock.now(), user.timeZone).day
    const lines = async function* () {
      yield sheetTitles(words)
      for await (const call of everyCall(first, batch)) yield sheetLine(call, words, user.timeZone)
    }
    const name = words.t('calls.export.file', { company: slug, day })
    await sendCsv(res, { name, format: sheetFormat(words), lines: lines() }, log.child({ tenantId: user.tenantId }))
  })

  return router
}

/** From the newest to the oldest, batch by batch. */
async function* everyCall(first: ListedCall[], next: (cursor: HistoryCursor) => Promise<ListedCall[]>): AsyncGenerator<ListedCall> {
  for (let batch = first; ;) {
    yield* batch
    const last = batch.at(-1)
    if (!last || batch.length < batchLength) return
    batch = await next({ requestedAt: last.requested_at, id: last.id })
  }
}
