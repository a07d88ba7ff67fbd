import { sql } from 'kysely'
import type { Trx } from '../../database/pool.ts'
import { recordEvent } from '../../events.ts'
import type { PhoneOwner } from '../../telephony/phones.ts'
import type { Refusal } from '../../policy/verdicts.ts'
import type { Call } from '../call.ts'

/** A minute starts with the first refusal after the previous minute. */
const minuteMs = 60_000
/** The history shows the same refusal within this time as one line. */
const sameLineMs = 10 * 60_000

/** Whether this phone was refused so often within a minute that its next calls are refused without a decision. */
export function isRefusedTooOften({ refusals, tenant }: PhoneOwner, now: Date): boolean {
  if (refusals === null || now.getTime() - refusals.countedFrom.getTime() >= minuteMs) return false
  return refusals.times >= tenant.phone_refusals_per_minute
}

export async function countRefusal(trx: Trx, phoneId: number, now: Date): Promise<void> {
  const since = new Date(now.getTime() - minuteMs)
  await trx
    .insertInto('phone_refusals')
    .values({ phone_id: phoneId, counted_from: now, refusals: 1 })
    .onDuplicateKeyUpdate({
      // In this order: MariaDB sets the columns from left to right.
      refusals: sql`if(counted_from > ${since}, refusals + 1, 1)`,
      counted_from: sql`if(counted_from > ${since}, counted_from, ${now})`,
    })
    .execute()
}

/**
 * Adds a repeated refusal (same agent, number and reason) to the count of the line before: deletes the new call and returns true.
 * Returns false for any other refusal. The tenant is locked.
 */
export async function foldRefusal(trx: Trx, call: Call, verdict: Refusal, now: Date): Promise<boolean> {
  const before = await trx
    .selectFrom('calls')
    .select(['id', 'state', 'origin', 'verdict', 'dialled', 'ended_at', 'refused_times'])
    .where('tenant_id', '=', call.tenant_id)
    .where('agent_id', '=', call.agent_id)
    .where('id', '!=', call.id)
    .orderBy('requested_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  const isSame = before?.state === 'refused' && before.origin === 'phone' && before.verdict === verdict && before.dialled === call.dialled
  if (!isSame || before.ended_at === null || now.getTime() - before.ended_at.getTime() > sameLineMs) return false
  await trx.deleteFrom('call_events').where('call_id', '=', call.id).execute()
  await trx.deleteFrom('calls').where('id', '=', call.id).execute()
  await trx
    .updateTable('calls')
    .set({ refused_times: before.refused_times + 1, ended_at: now })
    .where('id', '=', before.id)
    .execute()
  await recordEvent(trx, { ...call, id: before.id }, 'refused', now)
  return true
}
