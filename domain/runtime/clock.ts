import { readFileSync } from 'node:fs'

/** Time as the processes see it, so that a test can control it. */
export interface Clock {
  /** The wall clock: what people read. It may jump. */
  now(): Date
}

/** The wall clock and the machine's steady clock, which meters calls. */
export interface SteadyClock extends Clock {
  uptime(): Uptime
  moment(): Moment
}

/**
 * The machine's steady clock: no program can set it, and all processes of one boot read the same value. Readings from
 * different boots cannot be compared.
 */
export interface Uptime {
  boot: string
  ms: number
}

/** One moment on both clocks. Functions that meter a call require it. */
export interface Moment {
  now: Date
  uptime: Uptime
}

export function steadyClock(now: () => Date, uptime: () => Uptime): SteadyClock {
  return { now, uptime, moment: () => ({ now: now(), uptime: uptime() }) }
}

/** Linux gives every boot its own id. */
const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()

export const systemClock: SteadyClock = steadyClock(
  () => new Date(),
  // CLOCK_MONOTONIC: the same in every process.
  () => ({ boot, ms: Number(process.hrtime.bigint() / 1_000_000n) }),
)

/** The moment `ms` before `at` on both clocks; after it if `ms` is negative. */
export function earlier({ now, uptime }: Moment, ms: number): Moment {
  return { now: new Date(now.getTime() - ms), uptime: { ...uptime, ms: uptime.ms - ms } }
}
