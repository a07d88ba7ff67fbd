import type { Selectable } from 'kysely'
import type { Database } from '../database/pool.ts'
import type { CallQualityTable } from '../database/schema.ts'

export type CallQuality = Selectable<CallQualityTable>
export type MeasuredQuality = Omit<CallQuality, 'call_id' | 'tenant_id' | 'agent_id' | 'measured_at'>

/** How long after a call the phone may still report its quality. */
const acceptedForMs = 5 * 60_000

/**
 * Stores the measured quality of a call in place of an earlier report, of this agent or of the one who transferred it. False if
 * this is not a recent call of this agent.
 */
export async function keepQuality(
  db: Database,
  tenantId: number,
  agentId: number,
  callId: string,
  measured: MeasuredQuality,
  now: Date,
): Promise<boolean> {
  const call = await db
    .selectFrom('calls')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .where((where) => where.or([where('agent_id', '=', agentId), where('transferred_to_agent_id', '=', agentId)]))
    .where('id', '=', callId)
    .where((where) => where.or([where('ended_at', 'is', null), where('ended_at', '>', new Date(now.getTime() - acceptedForMs))]))
    .executeTakeFirst()
  if (!call) return false
  const row = { ...measured, measured_at: now }
  await db
    .insertInto('call_quality')
    .values({ call_id: callId, tenant_id: tenantId, agent_id: agentId, ...row })
    .onDuplicateKeyUpdate(row)
    .execute()
  return true
}

/** Null if no phone has measured it. */
export async function findQuality(db: Database, tenantId: number, callId: string): Promise<CallQuality | null> {
  const quality = db.selectFrom('call_quality').selectAll().where('tenant_id', '=', tenantId).where('call_id', '=', callId)
  return (await quality.executeTakeFirst()) ?? null
}
