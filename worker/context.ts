import type { SteadyClock } from '../domain/clock.ts'
import type { Config } from '../domain/config.ts'
import type { Database } from '../domain/database/pool.ts'
import type { Log } from '../domain/log.ts'

/** What every job works with. */
export interface JobContext {
  db: Database
  config: Config
  clock: SteadyClock
  log: Log
}
