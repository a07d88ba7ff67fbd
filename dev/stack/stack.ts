import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { migrateToLatest } from '../../domain/database/migrate.ts'
import { checkout, checkoutKey, makeCache } from '../setup/cache.ts'
import { SetupFailure } from '../setup/failure.ts'
import { tryLock } from '../setup/lock.ts'
import { installHostPrograms } from '../setup/packages.ts'
import type { HostProgram } from '../setup/packages.ts'
import type { Progress } from '../setup/progress.ts'
import { ensureRoots } from '../setup/roots.ts'
import { runCommand } from '../setup/run-command.ts'
import { asteriskCommand, type Asterisk } from './asterisk.ts'
import { Carrier } from './carrier.ts'
import type { Daemon } from './daemon.ts'
import { databaseImage } from './database-image.ts'
import { Database } from './database.ts'
import { processEnvironment, type ProcessName, type RamalEnvironment } from './environment.ts'
import { mainAsterisk, monitorDirectory, spoolDirectory } from './main-asterisk.ts'
import { fastagiProcess, webProcess, workerProcess } from './own-process.ts'
import { takePorts } from './ports.ts'
import type { Ports } from './ports.ts'
import { buildSounds } from './sounds.ts'
import { openSecrets, openState } from './state.ts'
import type { State } from './state.ts'

export type Part = 'mariadb' | 'fastagi' | 'asterisk' | 'carrier' | 'web' | 'worker'
const allParts: readonly Part[] = ['mariadb', 'fastagi', 'asterisk', 'carrier', 'web', 'worker']

export type StackOptions = {
  /** Unique among the running stacks of a checkout; part of the state directory's name. */
  name: string
  /** Delete the data of the last run first. */
  fresh: boolean
  /** For tests: delete the data at the end too, and run the database without fsync. */
  temporary?: boolean
  /** Run the database with fsync all the same: for benchmarks. */
  durable?: boolean
  /** This port or the next free one; any free port by default. The demo uses 8080. */
  preferredWebPort?: number
  /** The address at which browsers of another host reach this one; their phones connect there. */
  hostAddress?: string
  /** The parts to start, all by default. The caller can start the others later. */
  parts?: readonly Part[]
  /** Programs of the machine that the caller needs, such as chromium. */
  alsoInstall?: readonly HostProgram[]
  /** Called when the tables exist. */
  seed?: (env: RamalEnvironment) => Promise<void>
  logLevel?: string
  progress: Progress
}

export type Stack = {
  /** http://<hostAddress>:<port> */
  url: string
  /** The environment of the command line. */
  env: RamalEnvironment
  /** The environment of one process, computed from `env` at each call, with the process's own database account. */
  settings: (name: ProcessName) => NodeJS.ProcessEnv
  ports: Ports
  state: State
  mariadb: Database
  fastagi: Daemon
  asterisk: Asterisk
  carrier: Carrier
  web: Daemon
  worker: Daemon
  /** Stops all parts and waits for their end, as SIGINT and SIGTERM do; kills a temporary database and Asterisk. Safe to call twice. */
  stop: () => Promise<void>
}

const sipDomain = 'ramal.local'
const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Starts Ramal on private ports and directories. If a part fails, stops the others. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { name, progress } = options
  makeCache()
  const lock = await tryLock(`stack-${name}-${checkoutKey}`)
  if (!lock) throw new SetupFailure(`The ${name} stack of this checkout is already running. Stop that one first (Ctrl-C in its terminal).`)
  const stack = await assemble(options).catch((error: unknown) => {
    lock.release()
    throw error
  })
  const stopDaemons = stack.stop
  let interrupted = false
  const onSignal = () => {
    if (interrupted) return
    interrupted = true
    progress.note('Stopping')
    void stack.stop().finally(() => process.exit(130))
  }
  stack.stop = async () => {
    await stopDaemons()
    // Only now: a second Ctrl-C (npm sends one too) must not interrupt the shutdown of the database.
    for (const signal of endings) process.off(signal, onSignal)
    lock.release()
  }
  for (const signal of endings) process.on(signal, onSignal)
  try {
    await startParts(stack, options)
  } catch (error) {
    if (interrupted) await new Promise(() => {}) // onSignal ends the process, and caused this failure
    progress.step('stopping what was started')
    await stack.stop()
    throw error
  }
  return stack
}

async function assemble({
  name,
  fresh,
  temporary = false,
  durable = !temporary,
  preferredWebPort,
  alsoInstall = [],
  hostAddress = '127.0.0.1',
  logLevel = 'info',
  progress,
}: StackOptions): Promise<Stack> {
  await installHostPrograms(['setpriv', 'ffmpeg', 'espeak-ng', ...alsoInstall], progress)
  const roots = await ensureRoots(progress)
  const sounds = await buildSounds(progress)
  const state = openState(name, roots.asterisk.directory === '' ? roots.mariadb : roots.asterisk, fresh)
  const secrets = openSecrets(state)
  const ports = await takePorts(preferredWebPort)
  const image = () => databaseImage({ root: roots.mariadb, secrets, port: ports.mariadb, progress })
  const mariadb = new Database({ root: roots.mariadb, state, secrets, port: ports.mariadb, durable, image, progress })
  const env: RamalEnvironment = {
    RAMAL_DATABASE_URL: mariadb.url(),
    RAMAL_AGI_LISTEN: `127.0.0.1:${ports.agi}`,
    RAMAL_WEB_LISTEN: `127.0.0.1:${ports.web}`,
    RAMAL_SIP_DOMAIN: sipDomain,
    RAMAL_SIP_WS_URL: `ws://${hostAddress}:${ports.webSocket}/ws`,
    RAMAL_SPOOL_DIR: spoolDirectory(state),
    RAMAL_MONITOR_DIR: monitorDirectory(state),
    RAMAL_STORAGE_DIR: state.path('recordings'),
    RAMAL_FASTAGI_METRICS_PORT: String(ports.metrics.fastagi),
    RAMAL_WEB_METRICS_PORT: String(ports.metrics.web),
    RAMAL_WORKER_METRICS_PORT: String(ports.metrics.worker),
    RAMAL_BACKUP_STATE_DIR: state.path('backup'),
    RAMAL_WATCH_STATE_DIR: state.path('watch'),
    RAMAL_ASTERISK: asteriskCommand(roots.asterisk, state.path('asterisk')).join(' '),
    RAMAL_ASTERISK_CONFIG_DIR: state.path('asterisk/etc'),
    RAMAL_SETTINGS_DIR: state.path('settings'),
    RAMAL_LOG_LEVEL: logLevel,
    TZ: 'UTC',
  }
  mkdirSync(env.RAMAL_STORAGE_DIR, { recursive: true })
  const settings = (name: ProcessName) =>
    processEnvironment(name, env, { RAMAL_DATABASE_URL: mariadb.urlOf(name), RAMAL_SESSION_SECRET: secrets.session })
  const stack: Stack = {
    url: `http://${hostAddress}:${ports.web}`,
    env,
    settings,
    ports,
    state,
    mariadb,
    fastagi: fastagiProcess({ state, env, settings, progress }),
    asterisk: mainAsterisk({ root: roots.asterisk, state, secrets, ports, sipDomain, sounds, progress }),
    carrier: new Carrier({ root: roots.asterisk, state, ports, sounds, progress }),
    web: webProcess({ state, env, settings, progress }),
    worker: workerProcess({ state, env, settings, progress }),
    async stop() {
      // The site stops first, so that no page shows the ends of calls; the database stops last.
      await Promise.all([stack.web.stop(), stack.worker.stop()])
      const end = (daemon: Daemon) => (temporary ? daemon.kill9() : daemon.stop())
      await Promise.all([end(stack.asterisk), end(stack.carrier)])
      await stack.fastagi.stop()
      await end(mariadb)
      ports.release()
      if (temporary) state.remove()
    },
  }
  return stack
}

async function startParts(stack: Stack, { parts = allParts, seed, progress }: StackOptions): Promise<void> {
  const wanted = (part: Part) => parts.includes(part)
  if (wanted('mariadb')) {
    progress.step('starting the database')
    await stack.mariadb.start()
    progress.step('migrating the database')
    await migrateToLatest(stack.env.RAMAL_DATABASE_URL)
    await stack.mariadb.grantRights()
    await seed?.(stack.env)
  }
  if (wanted('web')) {
    progress.step('bundling the browser phone')
    await runCommand(process.execPath, [join(checkout, 'web/build.ts')])
  }
  const start = async (part: Part) => {
    if (wanted(part)) await stack[part].start()
  }
  progress.step('starting Asterisk, the carrier and the AGI server')
  await settleAll([start('fastagi'), start('asterisk'), start('carrier')])
  progress.step('starting the site and the worker')
  await settleAll([start('web'), start('worker')])
}

/** Waits for all starts before it throws the first error: a daemon that is still starting cannot be stopped. */
async function settleAll(starts: Promise<void>[]): Promise<void> {
  const outcomes = await Promise.allSettled(starts)
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failed) throw failed.reason
}
