import type { Trx } from './database/pool.ts'
import { prepared } from './database/prepared.ts'

/** Events about a call, for live pages. `extended` cancels the warning that the call is about to end. */
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

/** Events about a company: its balance changed or is low; its outbound calls were paused or released; its tasks changed or are due. */
export type TenantEventKind = 'balance-changed' | 'low-balance' | 'outbound-paused' | 'outbound-released' | 'tasks-changed' | 'tasks-due'

/** Records an event in the transaction that causes it, for the agent of the call and for the colleague who took it over. */
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
