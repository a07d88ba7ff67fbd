import { sql } from 'kysely'
import type { Database, Trx } from '../../database/pool.ts'
import { notReached } from '../../telephony/hangup-causes.ts'

export interface AgentRef {
  tenantId: number
  agentId: number
}

/** An agent's page renews its hold every half minute. After this time without a renewal, any agent may get the lead. */
export const holdMs = 3 * 60_000

export function heldFrom(now: Date): Date {
  return new Date(now.getTime() + holdMs)
}

/** Renews the hold of an open page. False if the agent holds no entry of that list. */
export async function renewHold(db: Database, worker: AgentRef, listId: number, now: Date): Promise<boolean> {
  const renewed = await heldBy(db, worker)
    .set({ held_until: sql`greatest(held_until, ${heldFrom(now)})` })
    .where('list_id', '=', listId)
    .where('held_until', '>', now)
    .executeTakeFirst()
  return renewed.numUpdatedRows > 0n
}

/** Releases what the agent holds to its place in the list. */
export async function giveBack(db: Database | Trx, worker: AgentRef): Promise<void> {
  await heldBy(db, worker).set({ held_by: null, held_until: null }).execute()
}

/**
 * Extends the hold to the longest duration of the call, even if the page closes. `isNamedNumber`: the agent chose one of the lead's
 * numbers. It may follow at once after a call that did not reach the lead: the entry waits again until the end of the new call. False
 * if the agent does not hold the lead, it may not be called now, or the list is closed.
 */
export async function holdForCall(
  trx: Trx,
  worker: AgentRef,
  { listId, contactId, isNamedNumber }: { listId: number; contactId: number; isNamedNumber: boolean },
  longestCallMs: number,
  now: Date,
): Promise<boolean> {
  const list = trx.selectFrom('call_lists').select('id').where('tenant_id', '=', worker.tenantId).where('id', '=', listId)
  // Locked, so that the list cannot be deleted during the call.
  if (!(await list.where('closed_at', 'is', null).forUpdate().executeTakeFirst())) return false
  const held = await heldBy(trx, worker)
    .set({ held_until: new Date(now.getTime() + longestCallMs), state: 'waiting' })
    .where('list_id', '=', listId)
    .where('contact_id', '=', contactId)
    .where((is) =>
      is.or([is.and([is('state', '=', 'waiting'), is('due_at', '<=', now)]), ...(isNamedNumber ? [is('reason', 'in', notReached)] : [])]),
    )
    .where('held_until', '>', now)
    .executeTakeFirst()
  return held.numUpdatedRows === 1n
}

function heldBy(db: Database | Trx, { tenantId, agentId }: AgentRef) {
  return db.updateTable('call_list_entries').where('tenant_id', '=', tenantId).where('held_by', '=', agentId)
}
