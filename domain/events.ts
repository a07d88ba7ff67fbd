import type { Trx } from './database/pool.ts'
import { prepared } from './database/prepared.ts'

/** What the live pages hear about a call. `extended` takes back the warning that it is about to end. */
export type CallEventKind =
  | 'requested'
  | 'authorized'
  | 'ringing'
  | 'answered'
  | 'balance-ending'
  | 'limit-ending'
  | 'extended'
  | 'ended'
  | 'refused'
  | 'unreachable'
  | 'lost'
  | 'recording-paused'
  | 'recording-resumed'
  | 'recording-ready'
  | 'transferring'
  | 'transfer-consulted'
  | 'transferred'
  | 'transfer-returned'
  | 'transfer-failed'

/**
 * What they hear about a whole company: its minutes changed, or ran low; its calls were paused, or go on; somebody is to be
 * called, or not any more; the time for that has come.
 */
export type TenantEventKind = 'balance-changed' | 'low-balance' | 'outbound-paused' | 'outbound-released' | 'tasks-changed' | 'tasks-due'

/** Records an event in the transaction that made it true, for the agent of the call and for the colleague who has it now. */
export async function recordEvent(
  trx: Trx,
  call: { id: string; tenant_id: number; agent_id: number | null; transferred_to_agent_id?: number | null },
  kind: CallEventKind,
  at: Date,
): Promise<void> {
  const colleague = call.transferred_to_agent_id ?? null
  for (const agentId of colleague === null ? [call.agent_id] : [call.agent_id, colleague])
    await addEvent(trx, { tenantId: call.tenant_id, agentId, callId: call.id, kind, at })
}

export async function recordTenantEvent(trx: Trx, tenantId: number, kind: TenantEventKind, at: Date): Promise<void> {
  await addEvent(trx, { tenantId, agentId: null, callId: null, kind, at })
}

interface NewEvent {
  tenantId: number
  agentId: number | null
  callId: string | null
  kind: CallEventKind | TenantEventKind
  at: Date
}

const addEvent = prepared((db, { tenantId, agentId, callId, kind, at }: NewEvent) =>
  db.insertInto('call_events').values({ tenant_id: tenantId, agent_id: agentId, call_id: callId, kind, at }),
)
