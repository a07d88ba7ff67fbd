import type { Database, Trx } from './pool.ts'

/**
 * Runs `work` in one transaction, again from the start when the database chose it as the victim of a deadlock
 * (1213) or its lock wait ran out (1205). So `work` may do nothing but SQL. Once `signal` is aborted nothing is
 * committed any more: whoever asked has been told no.
 */
export async function inTransaction<T>(db: Database, work: (trx: Trx) => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute(async (trx) => {
        // It may have waited for a connection until nobody wants the outcome: those who still do are not kept waiting for it.
        signal?.throwIfAborted()
        const outcome = await work(trx)
        signal?.throwIfAborted()
        return outcome
      })
    } catch (error) {
      if (attempt === attempts || signal?.aborted || !isLockConflict(error)) throw error
    }
  }
}

const attempts = 4

/** A unique key refused a row; the transaction goes on. */
export function isDuplicate(error: unknown): boolean {
  return (error as { errno?: number }).errno === 1062
}

function isLockConflict(error: unknown): boolean {
  const { errno } = error as { errno?: number }
  return errno === 1213 || errno === 1205
}
