import { loadConfig } from '../domain/runtime/config.ts'
import { systemClock } from '../domain/runtime/clock.ts'
import { openDatabase } from '../domain/database/pool.ts'
import { isReachable } from '../domain/database/reachable.ts'
import { createLog } from '../domain/runtime/log.ts'
import { databaseIsAway } from '../domain/operations/checks/agi-health.ts'
import { notifySystemd } from '../domain/runtime/systemd-notify.ts'
import { startMonitoringServer } from '../domain/runtime/monitoring-server.ts'
import { contactImports } from './jobs/contact-imports.ts'
import { dueTasks } from './jobs/due-tasks.ts'
import { overdueLeases } from './jobs/overdue-leases.ts'
import { monthlyAllowances } from './jobs/monthly-allowances.ts'
import { uploadRecordings } from './jobs/upload-recordings.ts'
import { purge } from './jobs/purge.ts'
import { livenessProbes } from './jobs/liveness-probes.ts'
import { storeRecordings } from './jobs/store-recordings.ts'
import { staleRequests } from './jobs/stale-requests.ts'
import { deleteOldRecordings } from './jobs/delete-old-recordings.ts'
import { staleCallFiles } from './jobs/stale-call-files.ts'
import { spendBaselines } from './jobs/spend-baselines.ts'
import { unreportedEnds } from './jobs/unreported-ends.ts'
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
  staleRequests,
  unreportedEnds,
  livenessProbes(process.pid),
  overdueLeases,
  storeRecordings,
  uploadRecordings,
  dueTasks,
  contactImports,
  monthlyAllowances,
  spendBaselines,
  purge,
  deleteOldRecordings,
  staleCallFiles,
]
const pulse = new Pulse()
watchServer({ db, config, clock: systemClock, log })
startMonitoringServer(config.metricsPorts.worker, health, log, stop.signal)
const told = notifySystemd({ ready: () => isReachable(db, 1000), alive: () => Promise.resolve(pulse.beats) }, log, stop.signal)
await runJobs(jobs, { db, config, clock: systemClock, log }, stop.signal, pulse)
await told
await db.destroy()

async function health(): Promise<string | null> {
  if (!(await isReachable(db, 1000))) return databaseIsAway
  const { stuck } = pulse
  return stuck === null ? null : `job "${stuck}" keeps failing: the log says why`
}
