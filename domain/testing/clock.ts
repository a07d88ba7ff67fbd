import type { SteadyClock } from '../runtime/clock.ts'

/** A clock that shows what a test says; its steady clock runs with the wall clock, unless the test makes that one jump. */
export function heldClock(now: () => Date, uptimeMs: () => number = () => now().getTime()): SteadyClock {
  return { now, uptime: () => ({ boot: testBoot, ms: uptimeMs() }) }
}

export const testBoot = '6e3b1f1e-0000-4000-8000-000000000000'
