import type { Trx } from './database/pool.ts'

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
  const agents = colleague === null ? [call.agent_id] : [call.agent_id, colleague]
  await trx
    .insertInto('call_events')
    .values(agents.map((agent_id) => ({ tenant_id: call.tenant_id, agent_id, call_id: call.id, kind, at })))
    .execute()
}

export async function recordTenantEvent(trx: Trx, tenantId: number, kind: TenantEventKind, at: Date): Promise<void> {
  await trx.insertInto('call_events').values({ tenant_id: tenantId, agent_id: null, call_id: null, kind, at }).execute()
}
