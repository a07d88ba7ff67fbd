import { sql } from 'kysely'
import type { Trx } from '../database/pool.ts'

/**
 * Moves all that hangs on a lead to another one of the same person, and deletes the lead: numbers, calls, and places in lists. A
 * list keeps one place, the one with more attempts. The caller has locked both leads.
 */
export async function joinContacts(trx: Trx, tenantId: number, { from, to }: { from: number; to: number }): Promise<void> {
  await moveNumbers(trx, tenantId, { from, to }, null)
  await trx.updateTable('calls').set({ contact_id: to }).where('tenant_id', '=', tenantId).where('contact_id', '=', from).execute()
  await moveEntries(trx, tenantId, { from, to })
  // Tags, fields, and list entries that the other lead has too, go with the lead.
  await trx.deleteFrom('contacts').where('tenant_id', '=', tenantId).where('id', '=', from).execute()
}

/** Moves these numbers of a lead, or all, behind those of another one, and closes the gaps. */
export async function moveNumbers(
  trx: Trx,
  tenantId: number,
  { from, to }: { from: number; to: number },
  e164s: readonly string[] | null,
): Promise<void> {
  const rows = await trx
    .selectFrom('contact_numbers')
    .select(['contact_id', 'e164'])
    .where('tenant_id', '=', tenantId)
    .where('contact_id', 'in', [from, to])
    .orderBy('position')
    .execute()
  const moves = (row: (typeof rows)[number]) => row.contact_id === from && (e164s === null || e164s.includes(row.e164))
  const kept = rows.filter((row) => row.contact_id === from && !moves(row))
  const taken = [...rows.filter(({ contact_id }) => contact_id === to), ...rows.filter(moves)]
  for (const [contactId, numbers] of [
    [from, kept],
    [to, taken],
  ] as const)
    for (const [n, { e164 }] of numbers.entries()) {
      await trx
        .updateTable('contact_numbers')
        .set({ contact_id: contactId, position: n + 1 })
        .where('tenant_id', '=', tenantId)
        .where('e164', '=', e164)
        .execute()
    }
}

async function moveEntries(trx: Trx, tenantId: number, { from, to }: { from: number; to: number }): Promise<void> {
  // In a list where both stand, the lead's own entry stays and takes over what the one with more attempts says.
  await sql`
    update call_list_entries as kept
    join call_list_entries as gone on gone.list_id = kept.list_id and gone.contact_id = ${from} and gone.attempts > kept.attempts
    set kept.state = gone.state, kept.reason = gone.reason, kept.attempts = gone.attempts, kept.skips = gone.skips,
      kept.due_at = gone.due_at, kept.agent_id = gone.agent_id, kept.changed_at = gone.changed_at
    where kept.tenant_id = ${tenantId} and kept.contact_id = ${to}`.execute(trx)
  await sql`
    update call_list_entries as moved
    left join call_list_entries as own on own.list_id = moved.list_id and own.contact_id = ${to}
    set moved.contact_id = ${to}
    where moved.tenant_id = ${tenantId} and moved.contact_id = ${from} and own.id is null`.execute(trx)
}
