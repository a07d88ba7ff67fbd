import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { Store, type SessionData } from 'express-session'
import type { Clock } from '../../domain/runtime/clock.ts'
import { endSession } from '../../domain/accounts/credentials.ts'
import type { Database } from '../../domain/database/pool.ts'

const touchEveryMs = 60_000
const purgeEveryMs = 10 * 60_000

type Answer<T> = (error?: unknown, value?: T) => void

/** Sessions in the `sessions` table. Ids are stored as hashes; the user's id beside them, so that sessions go with their user. */
export class SessionStore extends Store {
  readonly #db: Database
  readonly #clock: Clock
  #purgedAt = 0

  constructor(db: Database, clock: Clock) {
    super()
    this.#db = db
    this.#clock = clock
  }

  override get(id: string, answer: Answer<SessionData | null>): void {
    const query = this.#db
      .selectFrom('sessions')
      .select('data')
      .where('id_hash', '=', hashOf(id))
      .where('expires_at', '>', this.#clock.now())
    settle(
      query.executeTakeFirst().then((row) => (row ? (JSON.parse(row.data) as SessionData) : null)),
      answer,
    )
  }

  override set(id: string, session: SessionData, answer: Answer<void> = () => undefined): void {
    const values = { user_id: session.userId ?? null, data: JSON.stringify(session), expires_at: this.#expiryOf(session) }
    // One that was destroyed while a slow request was under way stays so, whatever that request wants to keep in it.
    const alive = <T>(value: T, column: string) => sql<T>`if(expires_at > ${this.#clock.now()}, ${value}, ${sql.ref(column)})`
    const query = this.#db
      .insertInto('sessions')
      .values({ id_hash: hashOf(id), ...values })
      .onDuplicateKeyUpdate({
        user_id: alive(values.user_id, 'user_id'),
        data: alive(values.data, 'data'),
        // Last: MariaDB assigns from left to right, and the others look at the old value.
        expires_at: alive(values.expires_at, 'expires_at'),
      })
    settle(
      query.execute().then(() => this.#purge()),
      answer,
    )
  }

  override destroy(id: string, answer: Answer<void> = () => undefined): void {
    settle(endSession(this.#db, hashOf(id), this.#clock.now()), answer)
  }

  /** Pushes the end of a session in use further away, with a write once a minute at most. A session that is gone stays gone. */
  override touch(id: string, session: SessionData, answer: Answer<void> = () => undefined): void {
    const expiresAt = this.#expiryOf(session)
    const query = this.#db
      .updateTable('sessions')
      .set({ expires_at: expiresAt })
      .where('id_hash', '=', hashOf(id))
      // One that was destroyed meanwhile stays so.
      .where('expires_at', '>', this.#clock.now())
      .where('expires_at', '<', new Date(expiresAt.getTime() - touchEveryMs))
    settle(
      query.execute().then(() => undefined),
      answer,
    )
  }

  /** Not Date: the cookie's own expiry is by the wall clock, and a test may hold ours still. */
  #expiryOf(session: SessionData): Date {
    return new Date(this.#clock.now().getTime() + (session.cookie.originalMaxAge ?? 0))
  }

  /** Ended ones are kept for a while, so that a request that was under way at the end does not bring them back. */
  async #purge(): Promise<void> {
    const now = this.#clock.now()
    if (now.getTime() - this.#purgedAt < purgeEveryMs) return
    this.#purgedAt = now.getTime()
    await this.#db
      .deleteFrom('sessions')
      .where('expires_at', '<', new Date(now.getTime() - purgeEveryMs))
      .limit(1000)
      .execute()
  }
}

/** As the table knows a session. */
export function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('hex')
}

function settle<T>(work: Promise<T>, answer: Answer<T>): void {
  work.then(
    (value) => answer(null, value),
    (error: unknown) => answer(error),
  )
}
