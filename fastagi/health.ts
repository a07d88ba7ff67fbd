import { sql } from 'kysely'
import type { Database } from '../domain/database/pool.ts'
import type { AgiRequest } from './agi-request.ts'

/**
 * A monitor asks on Asterisk's port, by Asterisk's protocol, whether the server could answer authorize.
 *   out   RAMAL_HEALTH: `ok` if the database answers
 */
export async function health(agi: AgiRequest, { db, signal }: { db: Database; signal: AbortSignal }): Promise<void> {
  await sql`select 1`.execute(db, { signal })
  await agi.setVariables({ RAMAL_HEALTH: 'ok' })
}
