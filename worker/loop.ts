import { setTimeout as pause } from 'node:timers/promises'
import type { JobContext } from './context.ts'
import { jobRuns } from './metrics.ts'

export interface Job {
  name: string
  everyMs: number
  run(context: JobContext): Promise<void>
}

/** A run that takes longer than this hangs: the longest, an import of 50,000 leads or a recording of hours, takes minutes. */
const longestRunMs = 30 * 60_000

/** A job that has not got through for three of its turns, and for this long, is in trouble. */
const quietMs = 60_000

/** Which jobs run and since when, and when each last got through. */
export class Pulse {
  readonly #since = new Map<string, number>()
  readonly #through = new Map<string, { atMs: number; patienceMs: number }>()
  readonly #now: () => number

  constructor(now = () => performance.now()) {
    this.#now = now
  }

  begins(job: Job): void {
    this.#since.set(job.name, this.#now())
    if (!this.#through.has(job.name)) this.succeeds(job)
  }

  succeeds(job: Job): void {
    this.#through.set(job.name, { atMs: this.#now(), patienceMs: Math.max(quietMs, 3 * job.everyMs) })
  }

  ends(job: Job): void {
    this.#since.delete(job.name)
  }

  /** Whether every job that runs began its run not too long ago. */
  get beats(): boolean {
    return [...this.#since.values()].every((since) => this.#now() - since < longestRunMs)
  }

  /** A job that fails again and again, or hangs; null when all get through. */
  get stuck(): string | null {
    const now = this.#now()
    for (const [name, { atMs, patienceMs }] of this.#through) {
      const since = this.#since.get(name)
      // A run that takes long is not one that fails: what counts is how long none had got through when it began.
      if ((since ?? now) - atMs > patienceMs) return name
      if (since !== undefined && now - since > longestRunMs) return name
    }
    return null
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
