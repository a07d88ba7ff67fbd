import type { Database } from '../../database/pool.ts'
import type { ContactImport } from './imports.ts'

/** How often the worker tries an import that fails. */
export const mostTries = 3
const pauseMs = 60_000

/**
 * Notes that a try of an import failed: the worker tries it again after a pause. True if it was the last try; then the import is over,
 * its file is deleted, and the rows that came in stay.
 */
export async function noteFailedTry(db: Database, work: Pick<ContactImport, 'id' | 'tries'>, now: Date): Promise<boolean> {
  const tries = work.tries + 1
  const isLast = tries >= mostTries
  const later = isLast
    ? { state: 'failed' as const, content: null, finished_at: now }
    : { retry_at: new Date(now.getTime() + tries * pauseMs) }
  await db
    .updateTable('contact_imports')
    .set({ tries, ...later })
    .where('id', '=', work.id)
    .where('state', '=', 'queued')
    .execute()
  return isLast
}
