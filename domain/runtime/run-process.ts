import { openDatabase, type Database } from '../database/pool.ts'
import { isReachable } from '../database/reachable.ts'
import { systemClock, type SteadyClock } from './clock.ts'
import { loadConfig, type Config } from './config.ts'
import { createLog, type Log } from './log.ts'
import { startMonitoringServer, type Health, type Pages } from './monitoring-server.ts'
import { notifySystemd } from './systemd-notify.ts'

export type ProcessName = 'fastagi' | 'web' | 'worker'

/** What each of our processes works with. */
export interface RunningProcess {
  name: ProcessName
  config: Config
  log: Log
  /** Connects at the first query: a database that is down does not delay the start. */
  db: Database
  clock: SteadyClock
  /** Aborted by SIGTERM or SIGINT. */
  stop: AbortSignal
}

/** Reads the settings, opens log and database, and listens for the signal to stop. A process in an unknown state exits with 1. */
export function startProcess(name: ProcessName, { connections }: { connections?: number } = {}): RunningProcess {
  const config = loadConfig()
  const log = createLog(name, config.logLevel)
  // systemd starts it again.
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log.fatal({ err: error }, event)
      process.exit(1)
    })
  }
  const stop = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log.info({ signal }, 'stopping')
      stop.abort()
    })
  }
  const db = openDatabase(config.databaseUrl, connections === undefined ? {} : { connections })
  return { name, config, log, db, clock: systemClock, stop: stop.signal }
}

/** Answers monitors, and tells systemd that the process is ready and alive. Resolves when it stops. */
export async function reportState(
  { name, config, log, db, stop }: RunningProcess,
  { health, alive, pages = {} }: { health: Health; alive: () => Promise<boolean>; pages?: Pages },
): Promise<void> {
  startMonitoringServer(config.metricsPorts[name], health, log, stop, pages)
  await notifySystemd({ ready: () => isReachable(db, 1000), alive }, log, stop)
}
