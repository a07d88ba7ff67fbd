import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Database } from '../database/pool.ts'

/** A web session as the database keeps it. `data` is JSON, and its format is the web server's. */
export interface StoredSession {
  idHash: string
  userId: number | null
  data: string
  expiresAt: Date
}

/** The database stores only hashes of session ids, so that a copy of the table opens no session. */
export function hashSessionId(id: string): string {
  return createHash('sha256').update(id).digest('hex')
}

/** The data of a session that has not expired, or null. */
export async function findSessionData(db: Database, idHash: string, now: Date): Promise<string | null> {
  const row = await db.selectFrom('sessions').select('data').where('id_hash', '=', idHash).where('expires_at', '>', now).executeTakeFirst()
  return row?.data ?? null
}

/** Adds or replaces a session. One that has ended stays ended: a slow request may still want to save it. */
export async function saveSession(db: Database, { idHash, userId, data, expiresAt }: StoredSession, now: Date): Promise<void> {
  const ifAlive = <T>(value: T, column: string) => sql<T>`if(expires_at > ${now}, ${value}, ${sql.ref(column)})`
  await db
    .insertInto('sessions')
    .values({ id_hash: idHash, user_id: userId, data, expires_at: expiresAt })
    .onDuplicateKeyUpdate({
      user_id: ifAlive(userId, 'user_id'),
      data: ifAlive(data, 'data'),
      // Last: MariaDB assigns from left to right, and the other columns compare with the old value.
      expires_at: ifAlive(expiresAt, 'expires_at'),
    })
    .execute()
}

/** Moves the expiry of a session that has not ended, unless that gains less than `leastMs`. */
export async function extendSession(db: Database, idHash: string, expiresAt: Date, now: Date, leastMs: number): Promise<void> {
  await db
    .updateTable('sessions')
    .set({ expires_at: expiresAt })
    .where('id_hash', '=', idHash)
    .where('expires_at', '>', now)
    .where('expires_at', '<', new Date(expiresAt.getTime() - leastMs))
    .execute()
}

/** Which of these sessions are still signed in: the user of each, by hash. Another process may have ended them. */
export async function findSignedInUsers(db: Database, idHashes: readonly string[], now: Date): Promise<Map<string, number>> {
  const sessions = await db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .select(['sessions.id_hash', 'users.id as user_id'])
    .where('sessions.id_hash', 'in', [...new Set(idHashes)])
    .where('sessions.expires_at', '>', now)
    .where('users.disabled_at', 'is', null)
    .execute()
  return new Map(sessions.map(({ id_hash, user_id }) => [id_hash, user_id]))
}

/** Deletes sessions that expired before `before`, `limit` at most. */
export async function purgeSessions(db: Database, before: Date, limit?: number): Promise<void> {
  let query = db.deleteFrom('sessions').where('expires_at', '<', before)
  if (limit !== undefined) query = query.limit(limit)
  await query.execute()
}
