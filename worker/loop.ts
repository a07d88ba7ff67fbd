import { setTimeout as pause } from 'node:timers/promises'
import type { JobContext } from './context.ts'

export interface Job {
  name: string
  everyMs: number
  run(context: JobContext): Promise<void>
}

/** A run that takes longer than this hangs: the longest, an import of 50,000 leads or a recording of hours, takes minutes. */
const longestRunMs = 30 * 60_000

/** Which jobs run, and since when. */
export class Pulse {
  readonly #since = new Map<string, number>()

  begins(job: Job): void {
    this.#since.set(job.name, performance.now())
  }

  ends(job: Job): void {
    this.#since.delete(job.name)
  }

  /** Whether every job that runs began its run not too long ago. */
  get beats(): boolean {
    return [...this.#since.values()].every((since) => performance.now() - since < longestRunMs)
  }
}

/**
 * Runs each job again and again until `stop` is aborted, one run of a job at a time. A run that fails is logged
 * and tried again at its next turn: jobs find their work in the database, so nothing is forgotten.
 */
export async function runJobs(jobs: Job[], context: JobContext, stop: AbortSignal, pulse = new Pulse()): Promise<void> {
  await Promise.all(jobs.map((job) => runJob(job, context, stop, pulse)))
}

async function runJob(job: Job, context: JobContext, stop: AbortSignal, pulse: Pulse): Promise<void> {
  while (!stop.aborted) {
    pulse.begins(job)
    try {
      await job.run(context)
    } catch (error) {
      context.log.error({ job: job.name, err: error }, 'job failed')
    }
    pulse.ends(job)
    await pause(job.everyMs, undefined, { signal: stop }).catch(() => undefined)
  }
}
