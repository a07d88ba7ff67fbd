import { sql } from 'kysely'
import type { Database, Trx } from './database/pool.ts'
import { localTime } from './local-time.ts'
import type { Tenant } from './tenants.ts'

/** What was called today, in calls and billed seconds. */
export interface Usage {
  calls: number
  seconds: number
}

/** A tenant's day so far, and one agent's part of it. Exact while the tenant's row is locked. */
export async function readDay(db: Database | Trx, tenant: Tenant, agentId: number, now: Date): Promise<{ tenant: Usage; agent: Usage }> {
  const rows = await db
    .selectFrom('usage_days')
    .select(['agent_id', 'calls', 'seconds'])
    .where('tenant_id', '=', tenant.id)
    .where('day', '=', today(tenant, now))
    .execute()
  const sum = (key: keyof Usage) => rows.reduce((total, row) => total + Number(row[key]), 0)
  const own = rows.find((row) => row.agent_id === agentId)
  return {
    tenant: { calls: sum('calls'), seconds: sum('seconds') },
    agent: { calls: own?.calls ?? 0, seconds: Number(own?.seconds ?? 0) },
  }
}

/** A call was authorised. */
export async function countCall(trx: Trx, tenant: Tenant, agentId: number, now: Date): Promise<void> {
  await trx
    .insertInto('usage_days')
    .values({ tenant_id: tenant.id, agent_id: agentId, day: today(tenant, now), calls: 1, seconds: 0 })
    .onDuplicateKeyUpdate({ calls: sql`calls + 1` })
    .execute()
}

/** A call ended and was charged. */
export async function countSeconds(trx: Trx, tenant: Tenant, agentId: number, seconds: number, now: Date): Promise<void> {
  if (seconds === 0) return
  await trx
    .insertInto('usage_days')
    .values({ tenant_id: tenant.id, agent_id: agentId, day: today(tenant, now), calls: 0, seconds })
    .onDuplicateKeyUpdate({ seconds: sql`seconds + ${seconds}` })
    .execute()
  await trx
    .insertInto('usage_hours')
    .values({ tenant_id: tenant.id, hour: hourOf(now), seconds })
    .onDuplicateKeyUpdate({ seconds: sql`seconds + ${seconds}` })
    .execute()
}

/** Billed seconds of the hour so far. */
export async function readHourSeconds(db: Database | Trx, tenantId: number, now: Date): Promise<number> {
  const row = await db
    .selectFrom('usage_hours')
    .select('seconds')
    .where('tenant_id', '=', tenantId)
    .where('hour', '=', hourOf(now))
    .executeTakeFirst()
  return Number(row?.seconds ?? 0)
}

/** The hour (UTC) that a moment lies in. */
export function hourOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / 3_600_000) * 3_600_000)
}

function today(tenant: Tenant, now: Date): string {
  return localTime(now, tenant.time_zone).day
}
