import type { Selectable } from 'kysely'
import type { Database, Trx } from '../../database/pool.ts'
import { prepared } from '../../database/prepared.ts'
import type { TransfersTable } from '../../database/schema.ts'
import type { Call } from '../call.ts'

export type Transfer = Selectable<TransfersTable>

/** Whether a transfer has replaced the agent's leg by the lead's own leg. */
export function isMoved(call: Call): boolean {
  return call.lead_unique_id !== null && call.unique_id === call.lead_unique_id
}

/** Locks the open transfer of a call. The call is locked. */
export async function lockOpenTransfer(trx: Trx, callId: string): Promise<Transfer | null> {
  const open = await trx.selectFrom('transfers').selectAll().where('open_call_id', '=', callId).forUpdate().executeTakeFirst()
  return open ?? null
}

/** Whether an agent's phone rings for a transfer, or is about to. Valid only while the tenant row is locked. */
export async function isRung(db: Database | Trx, tenantId: number, agentId: number, now: Date, butFor = 0): Promise<boolean> {
  return (await ringingOf(db, { tenantId, agentId, now, butFor })).length > 0
}

const ringingOf = prepared((db, { tenantId, agentId, now, butFor }: { tenantId: number; agentId: number; now: Date; butFor: number }) =>
  ringingTransfers(db, tenantId, now)
    .select('transfers.id')
    .where('transfers.ringing_agent_id', '=', agentId)
    .where('transfers.id', '!=', butFor),
)

/** A tenant's transfers for which an agent's phone rings, or is about to. */
export function ringingTransfers(db: Database | Trx, tenantId: number, now: Date) {
  return db
    .selectFrom('transfers')
    .where('transfers.tenant_id', '=', tenantId)
    .where('transfers.ringing_agent_id', 'is not', null)
    .where('transfers.rings_until', '>', now)
}

/** A tenant's transfers that may still return to the agent who started them. */
export function returningTransfers(db: Database | Trx, tenantId: number) {
  return db.selectFrom('transfers').where('transfers.tenant_id', '=', tenantId).where('transfers.open_call_id', 'is not', null)
}

/** The call has ended: its transfer rings no phone any more, even if Asterisk has not begun it. */
export const closeTransfer = prepared((db, { callId }: { callId: string }) =>
  db
    .updateTable('transfers')
    .set({ open_call_id: null, ringing_agent_id: null, rings_until: null, state: 'failed' })
    .where('open_call_id', '=', callId),
)

/** One transfer of a call, for the call's page. */
export interface TransferSegment extends Transfer {
  from_name: string
  to_name: string
}

/** The transfers of a call that began, in order. */
export async function listTransferSegments(db: Database, tenantId: number, callId: string): Promise<TransferSegment[]> {
  return db
    .selectFrom('transfers')
    .innerJoin('agents as from_agent', 'from_agent.id', 'transfers.from_agent_id')
    .innerJoin('users as from_user', 'from_user.id', 'from_agent.user_id')
    .innerJoin('agents as to_agent', 'to_agent.id', 'transfers.to_agent_id')
    .innerJoin('users as to_user', 'to_user.id', 'to_agent.user_id')
    .selectAll('transfers')
    .select(['from_user.name as from_name', 'to_user.name as to_name'])
    .where('transfers.tenant_id', '=', tenantId)
    .where('transfers.call_id', '=', callId)
    .where('transfers.began_at_ms', 'is not', null)
    .orderBy('transfers.id')
    .execute()
}

/** A transfer that rings an agent's phone. */
export interface Offer {
  /** The agent who transfers the call, or, when it comes back, the one who did not answer. */
  colleague: string
  comesBack: boolean
  /** The colleague wants to talk before the transfer. */
  consults: boolean
  /** The transfer is attended, whether or not the two have talked. */
  consulted: boolean
}

/** Null if this call does not ring this agent now. */
export async function findOffer(db: Database, tenantId: number, agentId: number, callId: string, now: Date): Promise<Offer | null> {
  const offer = await db
    .selectFrom('transfers')
    .innerJoin('agents as from_agent', 'from_agent.id', 'transfers.from_agent_id')
    .innerJoin('users as from_user', 'from_user.id', 'from_agent.user_id')
    .innerJoin('agents as to_agent', 'to_agent.id', 'transfers.to_agent_id')
    .innerJoin('users as to_user', 'to_user.id', 'to_agent.user_id')
    .select(['transfers.state', 'transfers.kind', 'from_user.name as from_name', 'to_user.name as to_name'])
    .where('transfers.tenant_id', '=', tenantId)
    .where('transfers.open_call_id', '=', callId)
    .where('transfers.ringing_agent_id', '=', agentId)
    .where('transfers.state', 'in', ['ringing', 'returning', 'consulting'])
    .where('transfers.rings_until', '>', now)
    .executeTakeFirst()
  if (!offer) return null
  const comesBack = offer.state === 'returning'
  return {
    comesBack,
    consults: offer.state === 'consulting',
    consulted: offer.kind === 'attended',
    colleague: comesBack ? offer.to_name : offer.from_name,
  }
}
