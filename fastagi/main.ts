import { checkHealth, databaseDown } from '../domain/operations/checks/agi-health.ts'
import { listenTarget } from '../domain/runtime/listen-target.ts'
import { reportState, startProcess } from '../domain/runtime/run-process.ts'
import type { AgiContext, Script } from './context.ts'
import { health } from './health.ts'
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

const fastagi = startProcess('fastagi', { connections: 10 })
const { config, log, db, clock, stop } = fastagi
// Four of the ten connections: two busy tenants leave some to all others.
const inTurn = tenantQueue(4)
const moments = new Moments(clock)
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
  context: { db, config, clock, log },
  log,
})

stop.addEventListener('abort', () => {
  log.info({ connections: server.connections }, 'closing connections')
  void server.close().then(() => process.exit(0))
})

await server.listen(listenTarget(config.agiListen))
log.info(server.address, 'listening for Asterisk')
const { address: host, port } = server.address
watchConnections(server)
const alive = async () => [null, databaseDown].includes(await checkHealth({ host, port }))
await reportState(fastagi, { health: () => checkHealth({ host, port }), alive })
