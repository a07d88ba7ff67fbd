import type { SteadyClock } from '../domain/runtime/clock.ts'
import type { Config } from '../domain/runtime/config.ts'
import type { Database } from '../domain/database/pool.ts'
import type { Log } from '../domain/runtime/log.ts'
import type { AgiRequest } from './agi-request.ts'

/** What scripts work with. */
export interface AgiContext {
  db: Database
  config: Config
  clock: SteadyClock
  log: Log
}

/** Answers one question of the dialplan. `signal` is the request's own: see AgiRequest. */
export type Script<C> = (agi: AgiRequest, context: C & { signal: AbortSignal }) => Promise<void>
