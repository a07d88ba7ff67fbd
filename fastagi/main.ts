import { systemClock } from '../domain/runtime/clock.ts'
import { loadConfig } from '../domain/runtime/config.ts'
import { openDatabase } from '../domain/database/pool.ts'
import { isReachable } from '../domain/database/reachable.ts'
import { createLog } from '../domain/runtime/log.ts'
import { checkHealth, databaseIsAway } from '../domain/operations/checks/agi-health.ts'
import { notifySystemd } from '../domain/runtime/systemd-notify.ts'
import { startMonitoringServer } from '../domain/runtime/monitoring-server.ts'
import type { AgiContext, Script } from './context.ts'
import { health } from './health.ts'
import { listenTarget } from './listen-target.ts'
import { atRequestTime, Moments } from './moments.ts'
import { agentUnreachable } from './scripts/agent-unreachable.ts'
import { answered } from './scripts/answered.ts'
import { authorize } from './scripts/authorize.ts'
import { channelGone } from './scripts/channel-gone.ts'
import { hangup } from './scripts/hangup.ts'
import { incomingAnswered } from './scripts/incoming-answered.ts'
import { incomingEnded } from './scripts/incoming-ended.ts'
import { incoming } from './scripts/incoming.ts'
import { pauseRecording } from './scripts/pause-recording.ts'
import { renewLease } from './scripts/renew-lease.ts'
import { resumeRecording } from './scripts/resume-recording.ts'
import { ringNext } from './scripts/ring-next.ts'
import { transferAnswered } from './scripts/transfer-answered.ts'
import { transferBegin } from './scripts/transfer-begin.ts'
import { transferConsult } from './scripts/transfer-consult.ts'
import { transferNext } from './scripts/transfer-next.ts'
import { watchConnections } from './metrics.ts'
import { createAgiServer } from './server.ts'
import { tenantQueue } from './tenant-queue.ts'

const config = loadConfig()
const log = createLog('fastagi', config.logLevel)
// systemd restarts the process; one in an unknown state must not decide about calls.
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => {
    log.fatal({ err: error }, event)
    process.exit(1)
  })
}

// The pool connects on the first request: a database that is down does not delay the start, and requests get `unavailable`.
const db = openDatabase(config.databaseUrl, { connections: 10 })
// Four of the ten connections: two busy tenants leave some to all others.
const inTurn = tenantQueue(4)
const moments = new Moments(systemClock)
setInterval(() => moments.look(), 1000).unref()
const scripts: Record<string, Script<AgiContext>> = {
  authorize: inTurn(authorize),
  answered,
  'renew-lease': renewLease,
  'pause-recording': pauseRecording,
  'resume-recording': resumeRecording,
  'transfer-begin': transferBegin,
  'transfer-consult': transferConsult,
  'transfer-next': transferNext,
  'transfer-answered': transferAnswered,
  hangup: inTurn(hangup),
  'agent-unreachable': agentUnreachable,
  'channel-gone': channelGone,
  incoming: inTurn(incoming),
  'ring-next': ringNext,
  'incoming-answered': incomingAnswered,
  'incoming-ended': incomingEnded,
  health,
}
const server = createAgiServer<AgiContext>({
  scripts: Object.fromEntries(Object.entries(scripts).map(([name, script]) => [name, atRequestTime(moments, script)])),
  context: { db, config, clock: systemClock, log },
  log,
})

const stop = new AbortController()
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    stop.abort()
    log.info({ signal, connections: server.connections }, 'stopping')
    void server.close().then(() => process.exit(0))
  })
}

await server.listen(listenTarget(config.agiListen))
log.info(server.address, 'listening for Asterisk')
const { address: host, port } = server.address
watchConnections(server)
startMonitoringServer(config.metricsPorts.fastagi, () => checkHealth({ host, port }), log, stop.signal)
const alive = async () => [null, databaseIsAway].includes(await checkHealth({ host, port }))
await notifySystemd({ ready: () => isReachable(db, 1000), alive }, log, stop.signal)
