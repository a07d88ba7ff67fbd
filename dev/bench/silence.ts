/**
 * `npm run bench:silence`: how long a phone waits when the AGI server does not answer, for each kind of failure, beside a refusal by
 * a healthy server. Five desk phones dial at once; the times are Asterisk's, from the dialled number to the answer with the prompt.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase } from '../../domain/database/pool.ts'
import { AgiProxy, type Way } from '../flows/agi-proxy.ts'
import { hireCrowd } from '../flows/crowd.ts'
import { SipPhone } from '../flows/sip-phone.ts'
import { Stage } from '../flows/stage.ts'
import { seedDemo } from '../seed.ts'
import { installHostPrograms } from '../setup/packages.ts'
import { terminalProgress } from '../setup/progress.ts'
import { startStack } from '../stack/stack.ts'
import { median } from './median.ts'

const phones = 5
const progress = terminalProgress()
await installHostPrograms(['sipp'], progress)
const stack = await startStack({
  name: 'bench',
  fresh: true,
  temporary: true,
  parts: ['mariadb', 'fastagi', 'asterisk', 'worker'],
  seed: (env) => seedDemo(env.RAMAL_DATABASE_URL),
  progress,
})
const db = openDatabase(stack.env.RAMAL_DATABASE_URL)
const endings: (() => unknown)[] = [() => stack.stop(), () => db.destroy()]
const atEnd = { teardown: (ending: () => unknown) => void endings.push(ending) }
try {
  const { asterisk, fastagi, env, ports } = stack
  const stage = new Stage(stack, db, null)
  const tenantId = await stage.tenantId()
  await db.updateTable('tenants').set({ max_calls: 500, max_calls_per_second: 500 }).execute()
  const agents = await hireCrowd(db, tenantId, phones, env.RAMAL_SIP_DOMAIN)
  const desks = await Promise.all(agents.map(({ agentId }) => SipPhone.of(atEnd, stage, { id: agentId, tenant_id: tenantId })))
  const proxy = await AgiProxy.start(atEnd, ports.agi)
  let way: Way = 'pass on'
  proxy.rule(({ script }) => (script === 'authorize' ? way : null))

  /** Dials a number of a closed kind, which a healthy server refuses too. */
  const waits = async (address: string): Promise<number[]> => {
    await asterisk.cli(`dialplan set global RAMAL_AGI ${address}`)
    const log = join(asterisk.directory, 'log/messages.log')
    const from = readFileSync(log).length
    await Promise.all(desks.map((desk) => desk.dials('0900123456')))
    proxy.closeAll()
    const logged = readFileSync(log).subarray(from).toString()
    const times = (pattern: RegExp) =>
      [...logged.matchAll(pattern)].map(([, at = '']) => Date.parse(`${at.replace(' ', 'T')}Z`)).sort((a, b) => a - b)
    const dialled = times(/^\[([^\]]*)\].*app_verbose.c: \S+ dialled a number/gm)
    const answered = times(/^\[([^\]]*)\].*app_verbose.c: .*: refused, /gm)
    if (answered.length !== phones) throw new Error(`${answered.length} of ${phones} phones were answered`)
    // All wait equally long, so they stay in order.
    return answered.map((at, n) => at - (dialled[n] ?? NaN))
  }
  const row = (what: string, waited: number[], baseMs: number) => {
    const ms = median(waited)
    const slowest = Math.max(...waited)
    console.log(`${what.padEnd(52)} ${String(ms).padStart(6)} ms   + ${String(ms - baseMs).padStart(5)} ms   (slowest ${slowest} ms)`)
  }

  await waits(proxy.address)
  const healthy = await waits(proxy.address)
  const baseMs = median(healthy)
  progress.note(`${phones} phones at once`)
  row('a healthy server, baseline', healthy, baseMs)
  const ways: [what: string, way: Way][] = [
    ['accepts the connection and does not answer', 'silent'],
    ['sends half an answer', 'half an answer'],
    ['closes the connection without an answer', 'close'],
    ['resets the connection', 'reset'],
    ['answers after four seconds', { heldMs: 4000 }],
  ]
  for (const [what, each] of ways) {
    way = each
    row(what, await waits(proxy.address), baseMs)
  }
  process.kill(fastagi.pid ?? 0, 'SIGSTOP')
  row('the process is stopped', await waits(`127.0.0.1:${ports.agi}`), baseMs)
  process.kill(fastagi.pid ?? 0, 'SIGCONT')
  await fastagi.kill9()
  row('the process was killed', await waits(`127.0.0.1:${ports.agi}`), baseMs)
  const listen = '$|=1; $s=IO::Socket::INET->new(Listen=>50,LocalAddr=>"127.0.0.1"); print $s->sockport; sleep 300'
  const socket = spawn('perl', ['-MIO::Socket::INET', '-e', listen])
  atEnd.teardown(() => socket.kill())
  const [port] = (await once(socket.stdout, 'data')) as [Buffer]
  row('only its listening socket is left', await waits(`127.0.0.1:${port.toString()}`), baseMs)
} finally {
  for (const ending of endings.reverse()) await ending()
}
