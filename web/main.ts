import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { systemClock } from '../domain/runtime/clock.ts'
import { loadConfig } from '../domain/runtime/config.ts'
import { openDatabase } from '../domain/database/pool.ts'
import { isReachable } from '../domain/database/reachable.ts'
import { createLog } from '../domain/runtime/log.ts'
import { listRegisteredPorts } from '../domain/telephony/phones.ts'
import { databaseIsAway } from '../domain/operations/checks/agi-health.ts'
import { notifySystemd } from '../domain/runtime/systemd-notify.ts'
import { startMonitoringServer } from '../domain/runtime/monitoring-server.ts'
import { createApp } from './app.ts'
import { LiveStreams } from './live/streams.ts'
import { watchStreams } from './http/metrics.ts'

/** How long requests in progress may take once the process stops. */
const drainMs = 5000

const config = loadConfig()
const log = createLog('web', config.logLevel)
const db = openDatabase(config.databaseUrl)
const context = { db, config, clock: systemClock, log }
const live = new LiveStreams(context)

const stopped = new AbortController()

const server = createServer(createApp(context, live))
server.requestTimeout = 30_000
server.headersTimeout = 10_000
// Longer than nginx keeps its idle connections to us, or it would now and then write into one that we just closed.
server.keepAliveTimeout = 75_000

server.on('error', (error) => {
  log.fatal({ err: error }, 'cannot listen')
  process.exit(1)
})
server.listen(inheritedSocket() ?? { host: config.webListen.host, port: config.webListen.port }, () => {
  log.info({ address: server.address() }, 'listening')
  void notifySystemd({ ready: () => isReachable(db, 1000), alive: answers }, log, stopped.signal)
})
watchStreams(live)
startMonitoringServer(config.metricsPorts.web, health, log, stopped.signal, { '/registered-ports': () => listRegisteredPorts(db) })
process.once('SIGTERM', stop)
process.once('SIGINT', stop)

/** The socket that systemd opened for us, so that connections wait in it while we restart. */
function inheritedSocket(): { fd: number } | null {
  const { LISTEN_PID, LISTEN_FDS } = process.env
  return LISTEN_PID === String(process.pid) && Number(LISTEN_FDS) >= 1 ? { fd: 3 } : null
}

async function health(): Promise<string | null> {
  return (await isReachable(db, 1000)) ? null : databaseIsAway
}

/** Whether it answers; the state of the database does not matter. */
async function answers(): Promise<boolean> {
  const { address, port } = server.address() as AddressInfo
  const asked = fetch(`http://${address}:${port}/health`, { signal: AbortSignal.timeout(5000) })
  return asked.then(
    () => true,
    () => false,
  )
}

function stop(signal: NodeJS.Signals): void {
  stopped.abort()
  log.info({ signal }, 'stopping')
  const cut = setTimeout(() => server.closeAllConnections(), drainMs)
  // A kept-alive connection becomes idle only when its last answer ends.
  const tidy = setInterval(() => server.closeIdleConnections(), 50)
  server.close(() => {
    clearTimeout(cut)
    clearInterval(tidy)
    void db.destroy().then(() => log.info('stopped'))
  })
  live.close()
}
