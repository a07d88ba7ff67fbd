import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '../../domain/database/pool.ts'
import { books, type Books } from '../../domain/testing/steps.ts'

/** What is wrong with a company's balance, ledger and leases; null when they agree. */
export function ledgerFault({ balance, held, ledger, leases }: Books): string | null {
  if (balance !== ledger) return `a balance of ${balance} s, and a ledger of ${ledger} s`
  if (held !== leases) return `${held} s held, and leases of ${leases} s`
  if (held < 0 || balance < held) return `${held} s held of a balance of ${balance} s`
  return null
}

/** Compares balance, ledger and leases several times a second while the database answers. */
export async function watchLedgers(db: Database, tenantIds: number[], stop: AbortSignal): Promise<{ looks: number; wrong: string[] }> {
  const wrong: string[] = []
  const known = new Map<number, string>()
  let looks = 0
  while (!stop.aborted) {
    for (const tenantId of tenantIds) {
      const now = await books(db, tenantId).catch(() => null)
      const fault = now && ledgerFault(now)
      if (now) looks++
      if (!fault || known.get(tenantId) === fault) continue
      known.set(tenantId, fault)
      wrong.push(`company ${tenantId} had ${fault} at ${new Date().toISOString()}`)
    }
    await pause(250, undefined, { signal: stop }).catch(() => undefined)
  }
  return { looks, wrong }
}
