import { findSignedInUsers, hashSessionId } from '../../domain/accounts/sessions.ts'
import type { WebContext } from '../http/context.ts'
import type { Stream } from './stream.ts'

/** Those of some streams whose session goes on and whose user may still sign in: another process may have ended either. */
export async function stillSignedIn({ db, clock }: WebContext, streams: readonly Stream[]): Promise<Stream[]> {
  if (streams.length === 0) return []
  const hashes = streams.map(({ sessionId }) => hashSessionId(sessionId))
  const users = await findSignedInUsers(db, hashes, clock.now())
  return streams.filter(({ user }, index) => users.get(hashes[index] ?? '') === user.id)
}
