import type { Selectable } from 'kysely'
import type { Trx } from '../database/pool.ts'
import { prepared } from '../database/prepared.ts'
import type { CallsTable } from '../database/schema.ts'
import { lockTenant, type Tenant } from '../tenants/tenants.ts'

export type Call = Selectable<CallsTable>

export const openStates = ['requested', 'authorized', 'answered'] as const

/** The longest talk that the tenant allowed when the call began. */
export function limitSecondsOf({ call, tenant }: LockedCall): number {
  return call.limit_seconds ?? tenant.max_call_seconds
}

/** A channel of Asterisk. Its name alone does not identify it: Asterisk reuses names after a restart. */
export interface Leg {
  channel: string
  uniqueId: string
}

/** A call and its tenant, both rows locked. */
export interface LockedCall {
  call: Call
  tenant: Tenant
}

/** The call's agent. Throws for an incoming call that no agent has answered. */
export function agentOf({ id, agent_id }: Pick<Call, 'id' | 'agent_id'>): number {
  if (agent_id === null) throw new Error(`call ${id} has no agent`)
  return agent_id
}

/**
 * Locks a call and its tenant for a report from Asterisk: the tenant first, as everywhere. Null for an unknown id. A report
 * carries only the id, which is a capability.
 */
export async function lockReportedCall(trx: Trx, callId: string): Promise<LockedCall | null> {
  const [found] = await tenantOfCall(trx, { callId })
  if (!found) return null
  const tenant = await lockTenant(trx, found.tenant_id)
  return { call: await lockCall(trx, callId), tenant }
}

/** Locks a call that exists. */
export async function lockCall(trx: Trx, callId: string): Promise<Call> {
  const [call] = await lockedCall(trx, { callId })
  if (!call) throw new Error(`there is no call ${callId}`)
  return call
}

const tenantOfCall = prepared((db, { callId }: { callId: string }) => db.selectFrom('calls').select('tenant_id').where('id', '=', callId))
const lockedCall = prepared((db, { callId }: { callId: string }) => db.selectFrom('calls').selectAll().where('id', '=', callId).forUpdate())
