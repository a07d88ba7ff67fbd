import { sql } from 'kysely'
import type { History } from './state.ts'

/**
 * Checks what must be true at every commit. One statement reads it, so that it may run during other transactions. Throws with the
 * numbers if an invariant does not hold.
 */
export async function checkInvariants({ db, company }: History): Promise<void> {
  const { rows } = await sql<Record<Column, number>>`
    select balance_seconds as balance, held_seconds as held,
      (select coalesce(sum(seconds), 0) from ledger_entries where tenant_id = tenants.id) as ledger,
      (select coalesce(sum(held_seconds), 0) from leases where tenant_id = tenants.id and closed_at is null) as leases,
      (select coalesce(sum(left_seconds), 0) from franchises where tenant_id = tenants.id) as franchise,
      (select count(*) from leases join calls on calls.id = leases.call_id
         where leases.tenant_id = tenants.id and (closed_at is null) <> (state in ('authorized', 'answered'))) as leases_out_of_step,
      (select count(*) from leases join calls on calls.id = leases.call_id
         where leases.tenant_id = tenants.id and closed_at is null and destination <> 'emergency') as open_calls,
      (select count(*) from transfers join calls on calls.id = transfers.open_call_id
         where transfers.tenant_id = tenants.id and calls.state <> 'answered') as transfers_of_no_talk,
      max_calls
    from tenants where id = ${company.tenantId}`.execute(db)
  const [books] = rows
  if (!books) throw new Error('the company is gone')
  const faults = [
    books.balance !== books.ledger && 'the balance is not the sum of the ledger',
    books.held !== books.leases && 'what is held is not the sum of the open leases',
    books.balance - books.held < 0 && 'more is held than there is',
    books.franchise > books.balance && 'more is left of the month than there is at all',
    books.leases_out_of_step > 0 && 'a call and its lease disagree on whether the call is open',
    books.transfers_of_no_talk > 0 && 'a phone rings for a call that is over',
    books.open_calls > books.max_calls && 'more calls are open than the tenant has lines',
  ].filter((fault) => fault !== false)
  if (faults.length > 0) throw new Error(`${faults.join('; ')}: ${JSON.stringify(books)}`)
}

type Column =
  'balance' | 'held' | 'ledger' | 'leases' | 'franchise' | 'leases_out_of_step' | 'open_calls' | 'transfers_of_no_talk' | 'max_calls'
