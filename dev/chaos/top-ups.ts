import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '../../domain/database/pool.ts'
import { addMinutes } from './companies.ts'
import type { PlannedCall } from './plan.ts'

/** Those who are to buy minutes while they talk do so when the talk is five seconds old. Returns when each had them. */
export async function buyMinutes(db: Database, calls: readonly PlannedCall[], stop: AbortSignal): Promise<Map<string, Date>> {
  const bought = new Map<string, Date>()
  const buyers = new Map(calls.filter(({ boughtSeconds }) => boughtSeconds > 0).map((call) => [call.number, call]))
  while (!stop.aborted && bought.size < buyers.size) {
    const talking = await db
      .selectFrom('calls')
      .select('e164')
      .where('e164', 'in', [...buyers.keys()])
      .where('state', '=', 'answered')
      .where('answered_at', '<', new Date(Date.now() - 5000))
      .execute()
      .catch(() => [])
    for (const { e164 } of talking) {
      const call = buyers.get(e164 ?? '')
      if (!call || bought.has(call.number)) continue
      // An answer that was lost may be of a commit that was not: then the books of the company tell.
      const done = await addMinutes(db, call.company.tenantId, call.boughtSeconds).then(
        () => true,
        () => false,
      )
      if (done) bought.set(call.number, new Date())
    }
    await pause(500, undefined, { signal: stop }).catch(() => undefined)
  }
  return bought
}
