import { earlier, steadyClock, type SteadyClock } from '../domain/runtime/clock.ts'
import type { Script } from './context.ts'

/** Wall clocks are slewed by a few ms a second; a difference beyond this is a step. */
const stepMs = 100

/** A period in which the wall clock was not set: its offset from the steady clock. All times are of the steady clock. */
interface Epoch {
  offsetMs: number
  /** The last reading before the period, and the first one after it. */
  afterMs: number
  beforeMs: number
  lastSeenMs: number
}

/**
 * Converts the time stamp of a request into a moment. The dialplan stamps each event by the wall clock (dialplan/ask.conf), but this
 * process may read the request late: the machine is busy, or the process was stopped or restarted. The stamp is converted
 * by an offset between the two clocks that was measured at that time, so that a step of the wall clock does not move the
 * end of a call. A stamp that fits no measured offset counts as now.
 */
export class Moments {
  readonly #clock: SteadyClock
  readonly #epochs: Epoch[] = []

  constructor(clock: SteadyClock) {
    this.#clock = clock
    this.look()
  }

  /** Reads both clocks. Call it about once a second, and with every request. */
  look(): void {
    const steadyMs = this.#clock.uptime().ms
    const offsetMs = this.#clock.now().getTime() - steadyMs
    const last = this.#epochs.at(-1)
    if (last && Math.abs(offsetMs - last.offsetMs) < stepMs) Object.assign(last, { offsetMs, lastSeenMs: steadyMs })
    else {
      if (last) last.beforeMs = steadyMs
      this.#epochs.push({ offsetMs, afterMs: last?.lastSeenMs ?? -Infinity, beforeMs: Infinity, lastSeenMs: steadyMs })
    }
    if (this.#epochs.length > 100) this.#epochs.shift()
  }

  /** A clock stopped at the stamp, so that a late request counts from when its event happened. */
  clockAt(stampMs: number | null): SteadyClock {
    this.look()
    const lateMs = stampMs === null ? 0 : this.#lateMs(stampMs)
    const { now, uptime } = earlier(this.#clock.moment(), lateMs)
    return steadyClock(
      () => now,
      () => uptime,
    )
  }

  #lateMs(stampMs: number): number {
    const steadyMs = this.#clock.uptime().ms
    for (const { offsetMs, afterMs, beforeMs } of this.#epochs.toReversed()) {
      const at = stampMs - offsetMs
      // The two clocks are read one after the other, and each to the millisecond.
      if (at >= afterMs - 1 && at <= Math.min(beforeMs, steadyMs + stepMs)) return Math.max(0, steadyMs - at)
    }
    return 0
  }
}

/** Runs a script with a clock stopped at the time of its request. */
export function atRequestTime<C extends { clock: SteadyClock }>(moments: Moments, script: Script<C>): Script<C> {
  return (agi, context) => script(agi, { ...context, clock: moments.clockAt(agi.askedAtMs) })
}
