import { Store, type SessionData } from 'express-session'
import type { Clock } from '../../domain/runtime/clock.ts'
import { endSession } from '../../domain/accounts/credentials.ts'
import { extendSession, findSessionData, hashSessionId, purgeSessions, saveSession } from '../../domain/accounts/sessions.ts'
import type { Database } from '../../domain/database/pool.ts'

const touchEveryMs = 60_000
const purgeEveryMs = 10 * 60_000
const mostPurged = 1000

type Answer<T> = (error?: unknown, value?: T) => void

/** The session store of express-session, on the `sessions` table. */
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
    const found = findSessionData(this.#db, hashSessionId(id), this.#clock.now())
    settle(
      found.then((data) => (data === null ? null : (JSON.parse(data) as SessionData))),
      answer,
    )
  }

  override set(id: string, session: SessionData, answer: Answer<void> = () => undefined): void {
    const now = this.#clock.now()
    const stored = { idHash: hashSessionId(id), userId: session.userId ?? null, data: JSON.stringify(session) }
    const saved = saveSession(this.#db, { ...stored, expiresAt: this.#expiryOf(session) }, now)
    settle(
      saved.then(() => this.#purge()),
      answer,
    )
  }

  override destroy(id: string, answer: Answer<void> = () => undefined): void {
    settle(endSession(this.#db, hashSessionId(id), this.#clock.now()), answer)
  }

  /** Extends a session in use, with at most one write a minute. */
  override touch(id: string, session: SessionData, answer: Answer<void> = () => undefined): void {
    settle(extendSession(this.#db, hashSessionId(id), this.#expiryOf(session), this.#clock.now(), touchEveryMs), answer)
  }

  /** Computed from our clock, because the cookie's own expiry follows the wall clock and tests hold ours still. */
  #expiryOf(session: SessionData): Date {
    return new Date(this.#clock.now().getTime() + (session.cookie.originalMaxAge ?? 0))
  }

  /** Keeps ended sessions for a while: a slow request would otherwise create them again. */
  async #purge(): Promise<void> {
    const now = this.#clock.now()
    if (now.getTime() - this.#purgedAt < purgeEveryMs) return
    this.#purgedAt = now.getTime()
    await purgeSessions(this.#db, new Date(now.getTime() - purgeEveryMs), mostPurged)
  }
}

function settle<T>(work: Promise<T>, answer: Answer<T>): void {
  work.then(
    (value) => answer(null, value),
    (error: unknown) => answer(error),
  )
}
