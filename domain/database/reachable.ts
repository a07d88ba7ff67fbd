import { sql } from 'kysely'
import type { Database } from './pool.ts'

/** Whether the database answers within `withinMs`. */
export async function isReachable(db: Database, withinMs: number): Promise<boolean> {
  const answer = sql`select 1`.execute(db).then(
    () => true,
    () => false,
  )
  const tooLate = new Promise<boolean>((resolve) => setTimeout(resolve, withinMs, false).unref())
  return Promise.race([answer, tooLate])
}
