import { sql } from 'kysely'
import type { Database, Trx } from '../database/pool.ts'
import { prepared } from '../database/prepared.ts'
import { localTime } from '../runtime/local-time.ts'
import type { Tenant } from '../tenants/tenants.ts'

/** Today's usage: calls and billed seconds. */
export interface Usage {
  calls: number
  seconds: number
}

/** The usage of a tenant today, and one agent's part of it. */
export interface Day {
  tenant: Usage
  agent: Usage
}

/** Exact while the tenant's row is locked. */
export async function readDay(db: Database | Trx, tenant: Tenant, agentId: number, now: Date): Promise<Day> {
  return dayOfRow(await dayQuery(db, tenant.id, agentId, today(tenant, now)).executeTakeFirstOrThrow())
}

/** The same as a one-row query, for `dayOfRow`. `day` is in the tenant's time zone. */
export function dayQuery(db: Database | Trx, tenantId: number, agentId: number, day: string) {
  const own = sql<number>`if(agent_id = ${agentId}, 1, 0)`
  return db
    .selectFrom('usage_days')
    .select([
      sql<number | null>`sum(calls)`.as('calls'),
      sql<number | null>`sum(seconds)`.as('seconds'),
      sql<number | null>`sum(calls * ${own})`.as('agent_calls'),
      sql<number | null>`sum(seconds * ${own})`.as('agent_seconds'),
    ])
    .where('tenant_id', '=', tenantId)
    .where('day', '=', day)
}

export function dayOfRow(row: Record<'calls' | 'seconds' | 'agent_calls' | 'agent_seconds', number | null>): Day {
  return {
    tenant: { calls: row.calls ?? 0, seconds: row.seconds ?? 0 },
    agent: { calls: row.agent_calls ?? 0, seconds: row.agent_seconds ?? 0 },
  }
}

/** Counts an authorised call. */
export async function countCall(trx: Trx, tenant: Tenant, agentId: number, now: Date): Promise<void> {
  await addToDay(trx, { tenantId: tenant.id, agentId, day: today(tenant, now), calls: 1, seconds: 0 })
}

/** Counts the billed seconds of an ended call. */
export async function countSeconds(trx: Trx, tenant: Tenant, agentId: number, seconds: number, now: Date): Promise<void> {
  if (seconds === 0) return
  await addToDay(trx, { tenantId: tenant.id, agentId, day: today(tenant, now), calls: 0, seconds })
  await addToHour(trx, { tenantId: tenant.id, hour: hourOf(now), seconds })
}

interface DayPart extends Usage {
  tenantId: number
  agentId: number
  day: string
}

const addToDay = prepared((db, { tenantId, agentId, day, calls, seconds }: DayPart) =>
  db
    .insertInto('usage_days')
    .values({ tenant_id: tenantId, agent_id: agentId, day, calls, seconds })
    .onDuplicateKeyUpdate({ calls: sql`calls + ${calls}`, seconds: sql`seconds + ${seconds}` }),
)

const addToHour = prepared((db, { tenantId, hour, seconds }: { tenantId: number; hour: Date; seconds: number }) =>
  db
    .insertInto('usage_hours')
    .values({ tenant_id: tenantId, hour, seconds })
    .onDuplicateKeyUpdate({ seconds: sql`seconds + ${seconds}` }),
)

/** Billed seconds of the current hour. */
export async function readHourSeconds(db: Database | Trx, tenantId: number, now: Date): Promise<number> {
  const row = await hourQuery(db, tenantId, hourOf(now)).executeTakeFirst()
  return row?.seconds ?? 0
}

export function hourQuery(db: Database | Trx, tenantId: number, hour: Date) {
  return db.selectFrom('usage_hours').select('seconds').where('tenant_id', '=', tenantId).where('hour', '=', hour)
}

/** The start of the UTC hour that contains a time. */
export function hourOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / 3_600_000) * 3_600_000)
}

function today(tenant: Tenant, now: Date): string {
  return localTime(now, tenant.time_zone).day
}
