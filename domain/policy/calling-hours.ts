import type { Database, Trx } from '../database/pool.ts'
import { nationalHoliday } from './holidays.ts'
import type { LocalTime } from '../runtime/local-time.ts'
import type { Tenant } from '../tenants/tenants.ts'

/** A calling period of a weekday (1 = Monday), in minutes since the tenant's midnight. */
export interface CallingHours {
  weekday: number
  fromMinute: number
  toMinute: number
}

/** The hours of a new company: Monday to Friday, 9 to 18. */
export const usualHours: readonly CallingHours[] = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, fromMinute: 9 * 60, toMinute: 18 * 60 }))

/** A tenant's hours, in order. Empty = calls are allowed at any hour. */
export async function listCallingHours(db: Database | Trx, tenantId: number): Promise<CallingHours[]> {
  const rows = await hoursOf(db, tenantId).selectAll().orderBy('weekday').orderBy('from_minute').execute()
  return rows.map((row) => ({ weekday: row.weekday, fromMinute: row.from_minute, toMinute: row.to_minute }))
}

export function hoursOf(db: Database | Trx, tenantId: number) {
  return db.selectFrom('calling_hours').where('tenant_id', '=', tenantId)
}

/** Replaces a tenant's hours. Empty = any hour. */
export async function setCallingHours(trx: Trx, tenantId: number, hours: readonly CallingHours[]): Promise<void> {
  await trx.deleteFrom('calling_hours').where('tenant_id', '=', tenantId).execute()
  if (hours.length === 0) return
  await trx
    .insertInto('calling_hours')
    .values(hours.map((each) => ({ tenant_id: tenantId, weekday: each.weekday, from_minute: each.fromMinute, to_minute: each.toMinute })))
    .execute()
}

/** The periods of a tenant that contain a local time. */
export function hoursAround(db: Database | Trx, tenantId: number, { weekday, minuteOfDay }: LocalTime) {
  return hoursOf(db, tenantId).where('weekday', '=', weekday).where('from_minute', '<=', minuteOfDay).where('to_minute', '>', minuteOfDay)
}

/** Why a tenant may not call at this time: a holiday, unless it calls on holidays, or its hours. Null = it may. */
export function closedAt(
  tenant: Tenant,
  hours: { keepsHours: boolean; withinHours: boolean },
  { day }: LocalTime,
): 'holiday' | 'outside-hours' | null {
  if (!hours.keepsHours) return null
  if (tenant.calls_on_holidays === 0 && nationalHoliday(day) !== null) return 'holiday'
  return hours.withinHours ? null : 'outside-hours'
}
