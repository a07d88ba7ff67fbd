import type { Selectable } from 'kysely'
import type { Moment } from '../runtime/clock.ts'
import type { LeasesTable } from '../database/schema/balance.ts'

/** How often the dialplan renews the lease of a call while audio flows: RAMAL_TICK_SECONDS in dialplan/lead-leg.conf. */
export const tickSeconds = 55

/**
 * How long a report may take to arrive: milliseconds, or the deadline of a request at an AGI server that restarts under
 * load. After it, the worker settles the call.
 */
export const reportGraceMs = 5000

/** A tick that has not arrived by then has failed. */
export const latestTickSeconds = tickSeconds + reportGraceMs / 1000

/** What the first lease covers, and how far each renewal reaches. With two ticks' time, a call survives one failed tick. */
export const leaseSeconds = 2 * latestTickSeconds

/** The call is told to end this much before its lease runs out, because the hang-up takes a moment. */
export const endsEarlySeconds = 1

/** A lease that covers no more than this may run out before the next renewal: the dialplan is told when to end the call. */
export const endingSeconds = latestTickSeconds + reportGraceMs / 1000

/** The worker asks Asterisk about a call without a renewal for this long. */
export const silenceMs = (endingSeconds + endsEarlySeconds) * 1000

/** When its tick did not end a call in time, the worker does so this long before the lease runs out. */
export const headStartMs = 800

export const leaseTimeColumns = ['renewed_at', 'expires_at', 'boot', 'renewed_uptime_ms', 'expires_uptime_ms'] as const

export type LeaseTimes = Pick<Selectable<LeasesTable>, (typeof leaseTimeColumns)[number]>

/** Both clocks of a lease that is renewed now and runs out in `expiresInMs`. */
export function leaseTimes(expiresInMs: number, { now, uptime }: Moment): LeaseTimes {
  return {
    renewed_at: now,
    expires_at: new Date(now.getTime() + expiresInMs),
    boot: uptime.boot,
    renewed_uptime_ms: uptime.ms,
    // The column is unsigned: a lease that ran out before the machine's boot counts as run out at boot.
    expires_uptime_ms: Math.max(0, Math.round(uptime.ms + expiresInMs)),
  }
}
