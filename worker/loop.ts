import { setTimeout as pause } from 'node:timers/promises'
import type { JobContext } from './context.ts'

export interface Job {
  name: string
  everyMs: number
  run(context: JobContext): Promise<void>
}

/**
 * Runs each job again and again until `stop` is aborted, one run of a job at a time. A run that fails is logged
 * and tried again at its next turn: jobs find their work in the database, so nothing is forgotten.
 */
export async function runJobs(jobs: Job[], context: JobContext, stop: AbortSignal): Promise<void> {
  await Promise.all(jobs.map((job) => runJob(job, context, stop)))
}

async function runJob(job: Job, context: JobContext, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    try {
      await job.run(context)
    } catch (error) {
      context.log.error({ job: job.name, err: error }, 'job failed')
    }
    await pause(job.everyMs, undefined, { signal: stop }).catch(() => undefined)
  }
}
