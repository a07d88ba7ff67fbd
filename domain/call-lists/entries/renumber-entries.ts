import { sql } from 'kysely'
import type { Trx } from '../../database/pool.ts'

/**
 * A lead has another number: the lists where it still waits have that from now on. Not a list that has the number already, and none
 * from which the old number is being called: what comes of that call is still to be noted there.
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
