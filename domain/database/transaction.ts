import type { Database, Trx } from './pool.ts'

/**
 * Runs `work` in one transaction. Repeats it from the start after a deadlock (1213) or a lock wait timeout (1205), so `work` may
 * do nothing but SQL. Commits nothing once `signal` is aborted, because the caller was already refused.
 */
export async function inTransaction<T>(db: Database, work: (trx: Trx) => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute(async (trx) => {
        // This request may have waited for a connection until its caller gave up. Skipping it serves the others sooner.
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

/** Whether a unique key refused a row. The transaction can continue. */
export function isDuplicate(error: unknown): boolean {
  return (error as { errno?: number }).errno === 1062
}

function isLockConflict(error: unknown): boolean {
  const { errno } = error as { errno?: number }
  return errno === 1213 || errno === 1205
}
