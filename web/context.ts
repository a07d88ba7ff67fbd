import type { Clock } from '../domain/clock.ts'
import type { Config } from '../domain/config.ts'
import type { Database } from '../domain/database/pool.ts'
import type { Log } from '../domain/log.ts'

/** What the site works with. */
export interface Context {
  db: Database
  config: Config
  clock: Clock
  log: Log
}
