import { sql } from 'kysely'
import type { Database, Trx } from '../../database/pool.ts'

/** An agent of a company. */
export interface AgentRef {
  tenantId: number
  agentId: number
}

/** How long a lead stays before an agent of whose page nothing is heard: then anybody may have it. A page is heard of each half minute. */
export const holdMs = 3 * 60_000

export function heldFrom(now: Date): Date {
  return new Date(now.getTime() + holdMs)
}

/** The agent's page is still open. False when nothing of that list lies before the agent any more. */
export async function renewHold(db: Database, worker: AgentRef, listId: number, now: Date): Promise<boolean> {
  const renewed = await heldBy(db, worker)
    .set({ held_until: sql`greatest(held_until, ${heldFrom(now)})` })
    .where('list_id', '=', listId)
    .where('held_until', '>', now)
    .executeTakeFirst()
  return renewed.numUpdatedRows > 0n
}

/** The agent leaves: what lies before them goes back to its place. */
export async function giveBack(db: Database | Trx, worker: AgentRef): Promise<void> {
  await heldBy(db, worker).set({ held_by: null, held_until: null }).execute()
}

/**
 * The agent calls what lies before them in a list: it stays theirs for as long as the call can take, whatever becomes of the
 * page. False when it is not theirs, is not to be called now, or the list is closed.
 */
export async function holdForCall(
  trx: Trx,
  worker: AgentRef,
  { listId, e164 }: { listId: number; e164: string },
  longestCallMs: number,
  now: Date,
): Promise<boolean> {
  const list = trx.selectFrom('call_lists').select('id').where('tenant_id', '=', worker.tenantId).where('id', '=', listId)
  // Locked: a list that is being taken away is there for the whole call, or not any more.
  if (!(await list.where('closed_at', 'is', null).forUpdate().executeTakeFirst())) return false
  const held = await heldBy(trx, worker)
    .set({ held_until: new Date(now.getTime() + longestCallMs) })
    .where('list_id', '=', listId)
    .where('e164', '=', e164)
    .where('state', '=', 'waiting')
    .where('due_at', '<=', now)
    .where('held_until', '>', now)
    .executeTakeFirst()
  return held.numUpdatedRows === 1n
}

function heldBy(db: Database | Trx, { tenantId, agentId }: AgentRef) {
  return db.updateTable('call_list_entries').where('tenant_id', '=', tenantId).where('held_by', '=', agentId)
}
