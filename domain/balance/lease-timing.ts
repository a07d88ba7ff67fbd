import type { Selectable } from 'kysely'
import type { Moment } from '../runtime/clock.ts'
import type { LeasesTable } from '../database/schema.ts'

export const leaseTimeColumns = ['renewed_at', 'expires_at', 'boot', 'renewed_uptime_ms', 'expires_uptime_ms'] as const

export type LeaseTimes = Pick<Selectable<LeasesTable>, (typeof leaseTimeColumns)[number]>

/** Both clocks of a lease that is renewed now and runs out in `expiresInMs`. */
export function leaseTimes(expiresInMs: number, { now, uptime }: Moment): LeaseTimes {
  return {
    renewed_at: now,
    expires_at: new Date(now.getTime() + expiresInMs),
    boot: uptime.boot,
    renewed_uptime_ms: uptime.ms,
    // The column has no sign: what ran out before the machine was started has run out by its first moment.
    expires_uptime_ms: Math.max(0, Math.round(uptime.ms + expiresInMs)),
  }
}
