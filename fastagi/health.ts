import { sql } from 'kysely'
import type { Database } from '../domain/database/pool.ts'
import type { AgiRequest } from './agi-request.ts'

/**
 * A monitor asks on the same port and by the same protocol as Asterisk: whether authorize could be answered at all.
 *   out   RAMAL_HEALTH: `ok` when the database answered
 */
export async function health(agi: AgiRequest, { db, signal }: { db: Database; signal: AbortSignal }): Promise<void> {
  await sql`select 1`.execute(db, { signal })
  await agi.setVariables({ RAMAL_HEALTH: 'ok' })
}
