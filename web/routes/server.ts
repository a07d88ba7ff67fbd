import { Router } from 'express'
import { readAsteriskHangs } from '../../domain/operations/asterisk-hangs.ts'
import { lastGoodBackup, oldestGoodMs } from '../../domain/operations/backup/backup.ts'
import { findOverdueCalls } from '../../domain/calls/reconcile/unreported-calls.ts'
import { gradeDiskSpace, measureDiskSpace } from '../../domain/operations/disk-space.ts'
import { earlier } from '../../domain/runtime/clock.ts'
import { localTime, startOfDay } from '../../domain/runtime/local-time.ts'
import { askEachProcess } from '../../domain/operations/checks/processes.ts'
import {
  countClosedCalls,
  countOpenLeases,
  countRegisteredPhones,
  leaseOverdueMs,
  listCallsByCompany,
  readRecordingQueue,
} from '../../domain/operations/server-status.ts'
import type { WebContext } from '../http/context.ts'
import { wordsOf } from '../http/locale.ts'
import { renderPage } from '../http/render-page.ts'
import { requireOperator, signedInUser } from '../http/current-user.ts'
import { backupText, diskText, diskTones, hangTone, processText } from '../wording/server.ts'

/** How the whole server does, for those who run it. It asks again by itself. */
export function serverRoutes(context: WebContext): Router {
  const router = Router()
  const { db, config, clock } = context

  router.get('/server', async (req, res) => {
    const { timeZone } = requireOperator(signedInUser(res))
    const now = clock.now()
    const words = wordsOf(res)
    const today = startOfDay(localTime(now, timeZone).day, timeZone)
    const directories = { raw: config.monitorDir, stored: config.storageDir }
    const [processes, companies, closed, phones, leases, overdue, recordings, backup, disks, hangs] = await Promise.all([
      askEachProcess(config),
      listCallsByCompany(db),
      countClosedCalls(db, today),
      countRegisteredPhones(db, now),
      countOpenLeases(db),
      findOverdueCalls(db, earlier(clock.moment(), leaseOverdueMs)),
      readRecordingQueue(db),
      lastGoodBackup(config.backup.stateDir).then(
        (at) => ({ at, why: null }),
        (error: unknown) => ({ at: null, why: (error as Error).message }),
      ),
      Promise.all(
        Object.entries(directories).map(async ([name, directory]) => {
          const space = await measureDiskSpace(directory)
          return { name, tone: diskTones[space === null ? 'fault' : gradeDiskSpace(space)], text: diskText(space, words) }
        }),
      ),
      readAsteriskHangs(config.watchStateDir),
    ])
    const lastHang = hangs.at(-1) ?? null
    const outcomes = sumBy(closed, ({ state, outcome }) => (state === 'lost' ? 'lost' : outcome))
    const refusals = sumBy(closed, ({ state, verdict }) => (state === 'refused' ? verdict : null))
    const isBackupOld = backup.at === null || now.getTime() - backup.at.getTime() > oldestGoodMs
    const locals = {
      now,
      figures: [
        { name: 'calls', count: companies.reduce((sum, { calls }) => sum + calls, 0), isBad: false },
        { name: 'phones', count: phones, isBad: false },
        { name: 'leases', count: leases, isBad: false },
        { name: 'overdue', count: overdue.length, isBad: overdue.length > 0 },
        { name: 'recordings', count: recordings.waiting, isBad: false },
      ],
      waitingSince: recordings.oldest,
      processes: processes.map((process) => processText(process, words)),
      companies,
      counts: [
        { name: 'outcomes', rows: outcomes.map(([name, count]) => ({ label: words.t(`outcome.${name}.short`), count })) },
        { name: 'refusals', rows: refusals.map(([name, count]) => ({ label: words.t(`refusal.${name}`), count })) },
      ],
      backup: { text: backupText(backup, words), tone: isBackupOld ? 'trouble' : 'good' },
      disks,
      hang: lastHang && { at: lastHang, tone: hangTone(lastHang, now) },
    }
    await renderPage(context, req, res, { view: 'server/show', title: words.t('server.title'), section: 'none', locals })
  })

  return router
}

/** How many calls there are of each name, most first; those without a name are left out. */
function sumBy<C extends { calls: number }>(counts: readonly C[], nameOf: (count: C) => string | null): [name: string, calls: number][] {
  const sums = new Map<string, number>()
  for (const count of counts) {
    const name = nameOf(count)
    if (name !== null) sums.set(name, (sums.get(name) ?? 0) + count.calls)
  }
  return [...sums].sort(([, a], [, b]) => b - a)
}
