import type { Moment } from '../runtime/clock.ts'
import type { Call } from './call.ts'

/**
 * The length of the talk in ms: by the steady clock, or by the wall clock if the machine has restarted since the answer. 0 for a
 * call that was not answered.
 */
export function talkMs(call: Pick<Call, 'answered_at' | 'answered_boot' | 'answered_uptime_ms'>, { now, uptime }: Moment): number {
  if (call.answered_uptime_ms !== null && call.answered_boot === uptime.boot) return Math.max(0, uptime.ms - call.answered_uptime_ms)
  return call.answered_at ? Math.max(0, now.getTime() - call.answered_at.getTime()) : 0
}
