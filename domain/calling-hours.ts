import type { Database, Trx } from './database/pool.ts'
import { isNationalHoliday } from './holidays.ts'
import { localTime } from './local-time.ts'
import type { Tenant } from './tenants.ts'

/** A stretch of a weekday (1 = Monday) in which a tenant calls, in minutes since its midnight. */
export interface CallingHours {
  weekday: number
  fromMinute: number
  toMinute: number
}

/** What a new company starts with: Monday to Friday, 9 to 18. */
export const usualHours: readonly CallingHours[] = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, fromMinute: 9 * 60, toMinute: 18 * 60 }))

/** A tenant's hours, in order; none = it may call at any hour. */
export async function listCallingHours(db: Database | Trx, tenantId: number): Promise<CallingHours[]> {
  const rows = await db
    .selectFrom('calling_hours')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .orderBy('weekday')
    .orderBy('from_minute')
    .execute()
  return rows.map((row) => ({ weekday: row.weekday, fromMinute: row.from_minute, toMinute: row.to_minute }))
}

/** Replaces a tenant's hours; none = at any hour. */
export async function setCallingHours(trx: Trx, tenantId: number, hours: readonly CallingHours[]): Promise<void> {
  await trx.deleteFrom('calling_hours').where('tenant_id', '=', tenantId).execute()
  if (hours.length === 0) return
  await trx
    .insertInto('calling_hours')
    .values(hours.map((each) => ({ tenant_id: tenantId, weekday: each.weekday, from_minute: each.fromMinute, to_minute: each.toMinute })))
    .execute()
}

/** Whether a tenant may call now, by its hours and, unless it calls on holidays, by the calendar. */
export async function isWithinCallingHours(db: Database | Trx, tenant: Tenant, now: Date): Promise<boolean> {
  const hours = await listCallingHours(db, tenant.id)
  if (hours.length === 0) return true
  const { day, weekday, minuteOfDay } = localTime(now, tenant.time_zone)
  if (tenant.calls_on_holidays === 0 && isNationalHoliday(day)) return false
  return hours.some((each) => each.weekday === weekday && each.fromMinute <= minuteOfDay && minuteOfDay < each.toMinute)
}
