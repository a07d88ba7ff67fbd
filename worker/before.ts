import type { SteadyClock, Uptime } from '../domain/runtime/clock.ts'

/** A moment `ms` before now (after it, when negative) by both clocks. */
export function before(clock: SteadyClock, ms: number): [Date, Uptime] {
  const uptime = clock.uptime()
  return [new Date(clock.now().getTime() - ms), { ...uptime, ms: uptime.ms - ms }]
}
