import { sql } from 'kysely'
import type { Trx } from '../../database/pool.ts'

/**
 * Replaces a lead's old number in the lists where it still waits. Skips lists that have the new number already, and lists with a
 * call to the old number in progress: the end of that call is recorded there.
 */
export async function renumberEntries(trx: Trx, tenantId: number, from: string, to: string, now: Date): Promise<void> {
  await sql`
    update ignore call_list_entries
    set e164 = ${to}, changed_at = ${now}
    where list_id in (select id from call_lists where tenant_id = ${tenantId})
      and e164 = ${from}
      and state = 'waiting'
      and not exists (
        select 1 from calls
        where calls.tenant_id = ${tenantId} and calls.e164 = ${from} and calls.list_id = call_list_entries.list_id and open_agent_id is not null
      )`.execute(trx)
}
