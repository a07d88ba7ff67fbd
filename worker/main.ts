import { loadConfig } from '../domain/runtime/config.ts'
import { systemClock } from '../domain/runtime/clock.ts'
import { openDatabase } from '../domain/database/pool.ts'
import { isReachable } from '../domain/database/reachable.ts'
import { createLog } from '../domain/runtime/log.ts'
import { databaseIsAway } from '../domain/operations/checks/agi-health.ts'
import { tellServiceManager } from '../domain/runtime/systemd-notify.ts'
import { openWatchPort } from '../domain/runtime/monitoring-server.ts'
import { contactImports } from './jobs/contact-imports.ts'
import { dueTasks } from './jobs/due-tasks.ts'
import { leases } from './jobs/overdue-leases.ts'
import { months } from './jobs/monthly-allowances.ts'
import { moving } from './jobs/upload-recordings.ts'
import { oldRows } from './jobs/purge.ts'
import { probes } from './jobs/liveness-probes.ts'
import { recordings } from './jobs/store-recordings.ts'
import { requests } from './jobs/stale-requests.ts'
import { retention } from './jobs/delete-old-recordings.ts'
import { stagedFiles } from './jobs/stale-call-files.ts'
import { usualHours } from './jobs/spend-baselines.ts'
import { witnesses } from './jobs/unreported-ends.ts'
import { Pulse, runJobs } from './loop.ts'
import { watchServer } from './metrics.ts'

const config = loadConfig()
const log = createLog('worker', config.logLevel)
const db = openDatabase(config.databaseUrl, { connections: 4 })
const stop = new AbortController()

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    log.info({ signal }, 'stopping')
    stop.abort()
  })
}

log.info('started')
const jobs = [
  requests,
  witnesses,
  probes(process.pid),
  leases,
  recordings,
  moving,
  dueTasks,
  contactImports,
  months,
  usualHours,
  oldRows,
  retention,
  stagedFiles,
]
const pulse = new Pulse()
watchServer({ db, config, clock: systemClock, log })
openWatchPort(config.metricsPorts.worker, health, log, stop.signal)
const told = tellServiceManager({ ready: () => isReachable(db, 1000), alive: () => Promise.resolve(pulse.beats) }, log, stop.signal)
await runJobs(jobs, { db, config, clock: systemClock, log }, stop.signal, pulse)
await told
await db.destroy()

async function health(): Promise<string | null> {
  if (!(await isReachable(db, 1000))) return databaseIsAway
  const { stuck } = pulse
  return stuck === null ? null : `the job "${stuck}" does not get through: the log says why`
}
