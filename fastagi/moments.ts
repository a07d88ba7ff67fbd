import { earlier, steadyClock, type SteadyClock } from '../domain/runtime/clock.ts'
import type { Script } from './context.ts'

/** Wall clocks are slewed by a few ms a second; a difference beyond this is a step. */
const stepMs = 100

/** While the wall clock was not set: its distance from the steady clock. The times are of the steady clock. */
interface Epoch {
  offsetMs: number
  /** The last look before it began, and the first look after it ended. */
  afterMs: number
  beforeMs: number
  lastSeenMs: number
}

/**
 * When did that happen of which the dialplan tells? It stamps the moment by the wall clock before it asks (dialplan/ask.conf),
 * and the question may be read late: the machine is busy, or this process was stopped or started again meanwhile. Here the stamp
 * becomes a moment of the steady clock, which nobody can set. A stamp counts only by a distance between the two clocks that was
 * seen at that very moment, so that a step of the wall clock moves no end of a call; a stamp that fits nowhere counts as now.
 */
export class Moments {
  readonly #clock: SteadyClock
  readonly #epochs: Epoch[] = []

  constructor(clock: SteadyClock) {
    this.#clock = clock
    this.look()
  }

  /** Call it once a second or so, and with every question. */
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

  /** A clock that stands still at the stamp: no question was late, for the script that answers it. */
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

/** Runs a script by the clock of the moment of which its question tells. */
export function atItsMoment<C extends { clock: SteadyClock }>(moments: Moments, script: Script<C>): Script<C> {
  return (agi, context) => script(agi, { ...context, clock: moments.clockAt(agi.askedAtMs) })
}
