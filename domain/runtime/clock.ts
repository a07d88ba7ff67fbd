import { readFileSync } from 'node:fs'

/** Time as the processes see it, so that a test can hold it still. */
export interface Clock {
  /** The wall clock: what people read. It may jump. */
  now(): Date
}

/** What the meter of a call reads. */
export interface SteadyClock extends Clock {
  uptime(): Uptime
}

/**
 * The machine's steady clock: it cannot be set, and all processes of one boot read the same. Two readings of different
 * boots say nothing about each other.
 */
export interface Uptime {
  boot: string
  ms: number
}

/** Every boot of Linux has an id of its own. */
const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()

export const systemClock: SteadyClock = {
  now: () => new Date(),
  // CLOCK_MONOTONIC, whichever the process.
  uptime: () => ({ boot, ms: Number(process.hrtime.bigint() / 1_000_000n) }),
}
