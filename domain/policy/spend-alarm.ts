import { sql } from 'kysely'
import type { Database, Trx } from '../database/pool.ts'
import { recordTenantEvent } from '../events.ts'
import { lockTenant, type Tenant } from '../tenants/tenants.ts'
import { hourOf, readHourSeconds } from './usage-counters.ts'

/**
 * Pauses outbound calls when hourly spend far exceeds the tenant's baseline: stolen credentials earn money through many calls at
 * once. Calls in progress continue and new ones are refused, until an operator or manager who knows the reason releases the pause.
 */
export interface Pause {
  pausedAt: Date
  /** Billed seconds of this hour, and the seconds that calls in progress hold. */
  hourSeconds: number
  usualSeconds: number
}

/** Whether outbound calls are paused: by an open pause (`pauseIsOpen`), or because `chargedThisHour` triggers the alarm now. */
export async function isOutboundPaused(
  trx: Trx,
  tenant: Tenant,
  { pauseIsOpen, chargedThisHour }: { pauseIsOpen: boolean; chargedThisHour: number },
  now: Date,
): Promise<boolean> {
  if (pauseIsOpen) return true
  if (tenant.spend_alarm_factor === 0) return false
  const hourSeconds = chargedThisHour + tenant.held_seconds
  const threshold = alarmThresholdSeconds(tenant)
  if (hourSeconds <= threshold || hourSeconds - (await forgiven(trx, tenant.id, now)) <= threshold) return false
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('outbound_pauses')
    .ignore()
    .values({
      tenant_id: tenant.id,
      open_tenant_id: tenant.id,
      hour_seconds: hourSeconds,
      usual_seconds: tenant.usual_hour_seconds,
      paused_at: now,
    })
    .executeTakeFirstOrThrow()
  if (numInsertedOrUpdatedRows === 1n) await recordTenantEvent(trx, tenant.id, 'outbound-paused', now)
  return true
}

/** The alarm triggers when an hour's spend exceeds this. */
export function alarmThresholdSeconds(tenant: Tenant): number {
  return Math.max(tenant.spend_alarm_floor_seconds, tenant.spend_alarm_factor * tenant.usual_hour_seconds)
}

/** The tenant's open pause, or null. */
export async function findPause(db: Database | Trx, tenantId: number): Promise<Pause | null> {
  const row = await openPause(db, tenantId).selectAll().executeTakeFirst()
  return row ? { pausedAt: row.paused_at, hourSeconds: row.hour_seconds, usualSeconds: row.usual_seconds } : null
}

export function openPause(db: Database | Trx, tenantId: number) {
  return db.selectFrom('outbound_pauses').where('open_tenant_id', '=', tenantId)
}

/** Releases a pause. The rest of the hour counts from here. False if the tenant has no pause. */
export async function releaseOutbound(trx: Trx, tenantId: number, author: string, now: Date): Promise<boolean> {
  const tenant = await lockTenant(trx, tenantId)
  const result = await trx
    .updateTable('outbound_pauses')
    .set({
      open_tenant_id: null,
      released_at: now,
      released_by: author,
      released_hour_seconds: (await readHourSeconds(trx, tenantId, now)) + tenant.held_seconds,
    })
    .where('open_tenant_id', '=', tenantId)
    .executeTakeFirst()
  if (result.numUpdatedRows === 0n) return false
  await recordTenantEvent(trx, tenantId, 'outbound-released', now)
  return true
}

/** The seconds that the last release within this hour forgave. */
async function forgiven(trx: Trx, tenantId: number, now: Date): Promise<number> {
  const last = await trx
    .selectFrom('outbound_pauses')
    .select('released_hour_seconds')
    .where('tenant_id', '=', tenantId)
    .where('released_at', '>=', hourOf(now))
    .orderBy('released_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last?.released_hour_seconds ?? 0
}

const usualDays = 14

/** Recomputes each tenant's baseline: the mean of its hours with calls in the last two weeks. */
export async function renewUsualHours(db: Database, now: Date): Promise<void> {
  const thisHour = hourOf(now)
  const from = new Date(thisHour.getTime() - usualDays * 86_400_000)
  await db
    .updateTable('tenants')
    .set({
      usual_hour_seconds: sql`coalesce((
        select round(avg(usage_hours.seconds)) from usage_hours
        where usage_hours.tenant_id = tenants.id and usage_hours.hour >= ${from} and usage_hours.hour < ${thisHour}
      ), 0)`,
    })
    .execute()
}
