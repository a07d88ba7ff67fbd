import type { Moment } from '../runtime/clock.ts'
import type { Call } from './call.ts'

/**
 * How long they have been talking, in ms: by the machine's steady clock when the machine has not been started again since
 * the answer, else by the wall clock. 0 for a call that was not answered.
 */
export function talkMs(call: Pick<Call, 'answered_at' | 'answered_boot' | 'answered_uptime_ms'>, { now, uptime }: Moment): number {
  if (call.answered_uptime_ms !== null && call.answered_boot === uptime.boot) return Math.max(0, uptime.ms - call.answered_uptime_ms)
  return call.answered_at ? Math.max(0, now.getTime() - call.answered_at.getTime()) : 0
}
