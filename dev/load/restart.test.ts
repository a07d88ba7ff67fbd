import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { checkHealth } from '../../domain/server-check/agi-health.ts'
import { books } from '../../domain/testing/steps.ts'
import { Visitor } from '../../web/testing/visitor.ts'
import { imbalance } from '../chaos/books-watch.ts'
import { Crowd, hireCrowd } from '../flows/crowd.ts'
import { raiseStage } from '../flows/stage.ts'
import { until } from '../flows/until.ts'
import { demoPassword } from '../seed.ts'
import { checkout } from '../setup/cache.ts'

const stage = await raiseStage(t, 'restart', { site: true, browser: false })
const { db, stack } = stage
const perSecond = 10
const tenantId = await stage.tenantId()
await db.updateTable('tenants').set({ max_calls: 500, max_calls_per_second: 500, spend_alarm_factor: 0, records_calls: false }).execute()
await stage.hasMinutes(100_000)
const agents = await hireCrowd(db, tenantId, 80, stack.env.RAMAL_SIP_DOMAIN)
const crowd = await Crowd.gather(stack)
t.teardown(() => crowd.disband())
// From here on they are run as systemd runs them: their ports are held by somebody else.
await Promise.all([stack.fastagi.stop(), stack.web.stop()])
const visitor = new Visitor(stack.url, {})
const fastagi = await held(
  t,
  'fastagi',
  stack.ports.agi,
  async () => (await checkHealth({ host: '127.0.0.1', port: stack.ports.agi })) === null,
)
const web = await held(t, 'web', stack.ports.web, async () => (await visitor.get('/health', { connection: 'close' })).status === 200)
const manager = new Visitor(stack.url, {})
await manager.signsIn('marcia@padaria-sol.example', demoPassword)

t.test('fastagi and the site are restarted under ten calls a second: no call is refused, no page fails', async (t) => {
  const seconds = 12
  const calls = planned('+551197001', seconds * perSecond)
  const stop = new AbortController()
  const loaded = loadsPages(stop.signal)
  const dialled = crowd.dials(calls, { perSecond })
  const enough = performance.now() + seconds * 1000
  while (performance.now() < enough) {
    await fastagi.restarts()
    await web.restarts()
    // A moment of work between two restarts, as between two releases.
    await pause(1000)
  }
  await dialled
  stop.abort()
  const ended = await until('every call to be over', async () => {
    const made = await callsTo('+551197001')
    return made.every(({ ended_at }) => ended_at !== null) && made
  })
  t.ok(fastagi.starts() > 2 && web.starts() > 2, `${fastagi.starts()} starts of fastagi, ${web.starts()} of web`)
  t.equal(ended.length, calls.length, 'every call was asked about')
  t.same(
    ended.filter(({ state, verdict, outcome }) => state !== 'ended' || verdict !== 'allowed' || outcome !== 'answered'),
    [],
    'each was allowed, answered and reported',
  )
  const pages = await loaded
  t.ok(pages.loads > 50, `${pages.loads} pages were loaded`)
  t.same(pages.failures, [])
  t.equal(imbalance(await books(db, tenantId)), null)
})

t.test('MariaDB is restarted under the same load: all recovers by itself, and the books agree', async (t) => {
  const seconds = 8
  const calls = planned('+551197002', seconds * perSecond)
  const dialled = crowd.dials(calls, { perSecond })
  await pause(2000)
  const starts = [fastagi.starts(), web.starts()]
  await stack.mariadb.restart()
  await dialled
  // Those whose report found no database are settled by the worker, within two minutes: dev/load/chaos.test.ts waits for that.
  const last = calls.at(-1)?.number ?? ''
  const ended = await until('the last call to be over', async () => {
    const [call] = await callsTo(last)
    return call?.state === 'ended' && call
  })
  t.equal(ended.outcome, 'answered', 'the last call is as good as the first')
  const made = await callsTo('+551197002')
  t.ok(made.length > calls.length / 2, `${made.length} of ${calls.length} calls were asked about`)
  t.same([fastagi.starts(), web.starts()], starts, 'nobody was restarted for it')
  t.equal(imbalance(await books(db, tenantId)), null)
  const charged = await db.selectFrom('ledger_entries').select('call_id').where('kind', '=', 'charge').execute()
  t.equal(new Set(charged.map(({ call_id }) => call_id)).size, charged.length, 'no call is charged twice')
  t.equal((await manager.get('/contacts')).status, 200)
})

/** Calls of a second each, to numbers of their own below `prefix`. */
function planned(prefix: string, count: number) {
  return Array.from({ length: count }, (_, n) => {
    const agent = agents[n % agents.length]
    if (!agent) throw new Error('calls need agents')
    return { agent, number: prefix + String(n).padStart(4, '0'), talkMs: 30_000 }
  })
}

async function callsTo(prefix: string) {
  return db.selectFrom('calls').selectAll().where('e164', 'like', `${prefix}%`).execute()
}

/** A manager who opens one page after the other. Each has a connection of its own, as nginx opens them. */
async function loadsPages(stop: AbortSignal): Promise<{ loads: number; failures: string[] }> {
  const failures: string[] = []
  let loads = 0
  for (; !stop.aborted; loads++) {
    const page = loads % 2 === 0 ? '/contacts' : '/calls'
    const outcome = await manager.get(page, { connection: 'close' }).then(
      ({ status }) => (status === 200 ? null : `${page} answered ${status}`),
      (error: unknown) => `${page}: ${String((error as Error).cause ?? error)}`,
    )
    if (outcome !== null) failures.push(outcome)
    await pause(50)
  }
  return { loads, failures }
}

/** One of our processes, started and restarted by whoever holds its port. */
async function held(t: Test, name: 'fastagi' | 'web', port: number, serves: () => Promise<boolean>) {
  const holder = spawn(
    'perl',
    [
      join(checkout, 'dev/server/hold-socket.pl'),
      String(port),
      'setpriv',
      '--pdeathsig',
      'KILL',
      '--',
      process.execPath,
      join(checkout, name, 'main.ts'),
    ],
    { env: { ...process.env, ...stack.settings(name) }, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  t.teardown(async () => {
    holder.kill('SIGTERM')
    await once(holder, 'exit')
  })
  const pids: number[] = []
  createInterface({ input: holder.stdout }).on('line', (line) => {
    const pid = /^started (\d+)$/.exec(line)?.[1]
    if (pid !== undefined) pids.push(Number(pid))
  })
  const isServing = () => serves().catch(() => false)
  await until(`${name} to serve`, isServing)
  return {
    starts: () => pids.length,
    /** Asks it to end, and waits until the next one serves. */
    async restarts() {
      const before = pids.length
      process.kill(pids.at(-1) ?? 0, 'SIGTERM')
      await until(`${name} to be started again`, () => Promise.resolve(pids.length > before), 20_000)
      await until(`${name} to serve again`, isServing)
    },
  }
}
