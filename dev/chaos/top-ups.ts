import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '../../domain/database/pool.ts'
import { addMinutes } from './companies.ts'
import type { PlannedCall } from './plan.ts'

/** Buys minutes for each call marked for it, five seconds after its answer. Returns the times, by number. */
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
      // If the connection breaks, the commit may still have succeeded; the company's ledger then shows it.
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
