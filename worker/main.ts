import { isReachable } from '../domain/database/reachable.ts'
import { databaseDown } from '../domain/operations/checks/agi-health.ts'
import { reportState, startProcess } from '../domain/runtime/run-process.ts'
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

const worker = startProcess('worker', { connections: 4 })
const { log, db, stop } = worker

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
watchServer(worker)
const reported = reportState(worker, { health, alive: () => Promise.resolve(pulse.beats) })
await runJobs(jobs, worker, stop, pulse)
await reported
await db.destroy()

async function health(): Promise<string | null> {
  if (!(await isReachable(db, 1000))) return databaseDown
  const { stuck } = pulse
  return stuck === null ? null : `job "${stuck}" keeps failing: the log says why`
}
