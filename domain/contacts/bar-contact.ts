import type { Database } from '../database/pool.ts'
import { inTransaction } from '../database/transaction.ts'
import { addDoNotCall, removeDoNotCall, type DoNotCallEntry } from '../policy/do-not-call.ts'
import { lockNumbers } from './edit-numbers.ts'

/**
 * A person asked for no calls: puts all numbers of a lead, and `called`, on the do-not-call list. Returns the numbers that were not on
 * it before, so that an undo removes only these. Empty for another company's lead.
 */
export async function barContact(
  db: Database,
  tenantId: number,
  contactId: number,
  { reason, author }: { reason: string; author: string },
  now: Date,
  called?: string,
): Promise<string[]> {
  return inTransaction(db, async (trx) => {
    const numbers = await lockNumbers(trx, tenantId, contactId)
    if (numbers.length === 0) return []
    const barred = numbers.filter(({ do_not_call_at }) => do_not_call_at === null).map(({ e164 }) => e164)
    // Also those that are barred already: a number that comes back to the lead later must know of this request.
    const all = numbers.map(({ e164 }) => e164)
    await addDoNotCall(trx, tenantId, all, { reason, author }, now)
    const isNew = called !== undefined && (await addDoNotCall(trx, tenantId, [called], { reason, author }, now)) === 1
    return isNew ? [...barred, called] : barred
  })
}

/** Takes all numbers of a lead off the do-not-call list. Returns the removed entries, so that they can be restored. */
export async function allowContact(db: Database, tenantId: number, contactId: number): Promise<DoNotCallEntry[]> {
  return inTransaction(db, async (trx) => {
    const numbers = await lockNumbers(trx, tenantId, contactId)
    const removed: DoNotCallEntry[] = []
    for (const { e164 } of numbers) {
      const entry = await removeDoNotCall(trx, tenantId, e164)
      if (entry) removed.push(entry)
    }
    return removed
  })
}
