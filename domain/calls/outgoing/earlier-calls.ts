import { openStates } from '../call.ts'
import type { NewNumber } from '../../contacts/numbers.ts'
import type { Trx } from '../../database/pool.ts'
import { localTime, startOfDay } from '../../runtime/local-time.ts'
import type { Tenant } from '../../tenants/tenants.ts'

/**
 * Why this lead may not be called from a list now: a colleague talks to them, or has talked to them today from another list.
 * `numbers`: all of the lead's. Null if the lead may be called. Valid only while the tenant row is locked.
 */
export async function findEarlierCall(
  trx: Trx,
  tenant: Tenant,
  listId: number,
  numbers: readonly NewNumber[],
  now: Date,
): Promise<'on-a-call' | 'called-today' | null> {
  const e164s = numbers.map(({ e164 }) => e164)
  const calls = await trx
    .selectFrom('calls')
    .select(['state', 'outcome', 'list_id'])
    .where('tenant_id', '=', tenant.id)
    .where('e164', 'in', e164s)
    .where((where) =>
      where.or([
        where('requested_at', '>=', startOfDay(localTime(now, tenant.time_zone).day, tenant.time_zone)),
        where('open_agent_id', 'is not', null),
      ]),
    )
    .execute()
  const open: readonly string[] = openStates
  if (calls.some(({ state }) => open.includes(state))) return 'on-a-call'
  return calls.some(({ outcome, list_id }) => outcome === 'answered' && list_id !== null && list_id !== listId) ? 'called-today' : null
}
