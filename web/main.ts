import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isReachable } from '../domain/database/reachable.ts'
import { listRegisteredPorts } from '../domain/telephony/phones.ts'
import { databaseDown } from '../domain/operations/checks/agi-health.ts'
import { listenTarget } from '../domain/runtime/listen-target.ts'
import { reportState, startProcess } from '../domain/runtime/run-process.ts'
import { createApp } from './app.ts'
import { LiveStreams } from './live/streams.ts'
import { watchStreams } from './http/metrics.ts'

/** How long requests in progress may take once the process stops. */
const drainMs = 5000

const web = startProcess('web')
const { config, log, db, stop } = web
const live = new LiveStreams(web)

const server = createServer(createApp(web, live))
server.requestTimeout = 30_000
server.headersTimeout = 10_000
// Longer than nginx keeps its idle connections to us, or it would now and then write into one that we just closed.
server.keepAliveTimeout = 75_000

server.on('error', (error) => {
  log.fatal({ err: error }, 'cannot listen')
  process.exit(1)
})
server.listen(listenTarget(config.webListen), () => {
  log.info({ address: server.address() }, 'listening')
  void reportState(web, { health, alive: answers, pages: { '/registered-ports': () => listRegisteredPorts(db) } })
})
watchStreams(live)
stop.addEventListener('abort', close)

async function health(): Promise<string | null> {
  return (await isReachable(db, 1000)) ? null : databaseDown
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

function close(): void {
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
