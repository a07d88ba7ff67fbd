import type { WebContext } from '../http/context.ts'
import { hashOf } from '../auth/session-store.ts'
import type { Stream } from './stream.ts'

/** Those of some streams whose session goes on, and whose person may still sign in: both may have ended in another process. */
export async function stillSignedIn({ db, clock }: WebContext, streams: readonly Stream[]): Promise<Stream[]> {
  if (streams.length === 0) return []
  const sessions = await db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .select(['sessions.id_hash', 'users.id as user_id'])
    .where('sessions.id_hash', 'in', [...new Set(streams.map(({ sessionId }) => hashOf(sessionId)))])
    .where('sessions.expires_at', '>', clock.now())
    .where('users.disabled_at', 'is', null)
    .execute()
  const personOf = new Map(sessions.map(({ id_hash, user_id }) => [id_hash, user_id]))
  return streams.filter(({ sessionId, user }) => personOf.get(hashOf(sessionId)) === user.id)
}
