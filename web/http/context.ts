import type { SteadyClock } from '../../domain/runtime/clock.ts'
import type { Config } from '../../domain/runtime/config.ts'
import type { Database } from '../../domain/database/pool.ts'
import type { Log } from '../../domain/runtime/log.ts'

/** What the site works with. */
export interface WebContext {
  db: Database
  config: Config
  clock: SteadyClock
  log: Log
}
