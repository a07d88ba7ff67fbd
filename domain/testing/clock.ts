import { steadyClock, type Moment, type SteadyClock } from '../runtime/clock.ts'

/** A clock that the test sets. Its steady clock follows the wall clock unless the test sets that too. */
export function heldClock(now: () => Date, uptimeMs: () => number = () => now().getTime()): SteadyClock {
  return steadyClock(now, () => ({ boot: testBoot, ms: uptimeMs() }))
}

export const testBoot = '6e3b1f1e-0000-4000-8000-000000000000'

/** The moment of `now` on a machine whose steady clock follows the wall clock. */
export function momentAt(now: Date): Moment {
  return { now, uptime: { boot: testBoot, ms: now.getTime() } }
}
