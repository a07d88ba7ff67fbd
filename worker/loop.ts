import { setTimeout as pause } from 'node:timers/promises'
import type { JobContext } from './context.ts'
import { jobRuns } from './metrics.ts'

export interface Job {
  name: string
  everyMs: number
  run(context: JobContext): Promise<void>
}

/** A longer run hangs: the longest, an import of 50,000 leads or a recording of hours, takes minutes. */
const longestRunMs = 30 * 60_000

/** A job that has not succeeded for three of its intervals, and for this long, is stuck. */
const quietMs = 60_000

/** Which jobs run, since when, and when each last succeeded. */
export class Pulse {
  readonly #since = new Map<string, number>()
  readonly #lastSuccess = new Map<string, { atMs: number; patienceMs: number }>()
  readonly #now: () => number

  constructor(now = () => performance.now()) {
    this.#now = now
  }

  begins(job: Job): void {
    this.#since.set(job.name, this.#now())
    if (!this.#lastSuccess.has(job.name)) this.succeeds(job)
  }

  succeeds(job: Job): void {
    this.#lastSuccess.set(job.name, { atMs: this.#now(), patienceMs: Math.max(quietMs, 3 * job.everyMs) })
  }

  ends(job: Job): void {
    this.#since.delete(job.name)
  }

  /** Whether no job runs for too long. */
  get beats(): boolean {
    return [...this.#since.values()].every((since) => this.#now() - since < longestRunMs)
  }

  /** A job that keeps failing, or hangs; null if all jobs succeed. */
  get stuck(): string | null {
    const now = this.#now()
    for (const [name, { atMs, patienceMs }] of this.#lastSuccess) {
      const since = this.#since.get(name)
      // A long run is not a failed run: what counts is the time without success when the run began.
      if ((since ?? now) - atMs > patienceMs) return name
      if (since !== undefined && now - since > longestRunMs) return name
    }
    return null
  }
}

/**
 * Runs each job in a loop until `stop` aborts, one run of a job at a time. A failed run is logged and repeated at the next
 * interval: jobs find their work in the database, so no work is lost.
 */
export async function runJobs(jobs: Job[], context: JobContext, stop: AbortSignal, pulse = new Pulse()): Promise<void> {
  await Promise.all(jobs.map((job) => runJob(job, context, stop, pulse)))
}

async function runJob(job: Job, context: JobContext, stop: AbortSignal, pulse: Pulse): Promise<void> {
  while (!stop.aborted) {
    pulse.begins(job)
    try {
      await job.run(context)
      pulse.succeeds(job)
      jobRuns.inc({ job: job.name, result: 'ok' })
    } catch (error) {
      jobRuns.inc({ job: job.name, result: 'failed' })
      context.log.error({ job: job.name, err: error }, 'job failed')
    }
    pulse.ends(job)
    await pause(job.everyMs, undefined, { signal: stop }).catch(() => undefined)
  }
}
