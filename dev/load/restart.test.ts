import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { checkHealth } from '../../domain/operations/checks/agi-health.ts'
import { books } from '../../domain/testing/steps.ts'
import { Visitor } from '../../web/testing/visitor.ts'
import { ledgerFault } from '../chaos/ledger-watch.ts'
import { Crowd, hireCrowd } from '../flows/crowd.ts'
import { raiseStage } from '../flows/stage.ts'
import { until } from '../flows/until.ts'
import { demoPassword } from '../seed.ts'
import { checkout } from '../setup/cache.ts'

const stage = await raiseStage(t, 'restart', { site: true, browser: false })
const { db, stack } = stage
// A machine that is too slow for ten per second places fewer.
const load = { perSecond: 10, atOnce: 20 }
/** fastagi's limit for one question, before it answers `unavailable`; the dialplan waits three seconds. */
const deadlineMs = 2000
const longOutageMs = 3000 - deadlineMs
const tenantId = await stage.tenantId()
await db.updateTable('tenants').set({ max_calls: 500, max_calls_per_second: 500, spend_alarm_factor: 0, records_calls: false }).execute()
await stage.hasMinutes(100_000)
// Each dials once, because an agent whose last call is not settled yet is refused.
const agents = await hireCrowd(db, tenantId, 600, stack.env.RAMAL_SIP_DOMAIN)
const crowd = await Crowd.gather(stack)
t.teardown(() => crowd.disband())
// From here on they run as under systemd: another process holds their ports.
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

t.test('restarts of fastagi and the site under ten calls a second refuse no call and fail no page', async (t) => {
  const prefix = '+551197001'
  const reader = loadsPages()
  const outages: Outage[] = []
  const restarted = (async () => {
    for (let round = 0; round < 4; round++) {
      const before = { calls: (await answeredTo(prefix)).length, pages: reader.loads() }
      await until('calls and pages to go through', async () => {
        return (await answeredTo(prefix)).length > before.calls && reader.loads() > before.pages
      })
      outages.push(await fastagi.restarts())
      await web.restarts()
    }
  })()
  const placed = await crowd.dials(planned(prefix), { ...load, enough: restarted })
  await restarted
  const failures = await reader.stops()
  const ended = await until('every call to be over', async () => {
    const made = await callsTo(prefix)
    return made.every(({ ended_at }) => ended_at !== null) && made
  })
  const unanswered = fastagi.toldUnavailable()
  console.error(
    `restart: ${placed.length} calls, ${reader.loads()} pages, fastagi away for ${outages.map(({ from, to }) => to - from).join(', ')} ms, ` +
      `${unanswered.size} told in time that fastagi is too slow`,
  )
  t.same(
    placed.filter(({ answer }) => answer === null),
    [],
    'every placed call got an answer',
  )
  const rows = Map.groupBy(ended, ({ e164 }) => e164)
  const wrong = placed.flatMap((call) => {
    const { number, at, answer } = call
    const [row, ...more] = rows.get(number) ?? []
    const well = answer === 200 && more.length === 0 && row?.state === 'ended' && row.verdict === 'allowed' && row.outcome === 'answered'
    const endpoint = agents[Number(number.slice(-4))]?.phone.endpoint
    return well || unanswered.has(row?.id ?? endpoint) || metLongOutage(outages, at, row?.ended_at) ? [] : [{ call, row }]
  })
  t.same(wrong, [], 'each was asked about once, allowed, answered and reported')
  t.same(failures, [], 'no page failed')
  t.equal(ledgerFault(await books(db, tenantId)), null)
})

t.test('after a restart of MariaDB under the same load everything recovers, and balance and ledger agree', async (t) => {
  const prefix = '+551197002'
  const starts = [fastagi.starts(), web.starts()]
  const recovered = (async () => {
    await until('calls to go through', async () => (await answeredTo(prefix)).length > 10)
    await stack.mariadb.restart()
    const backAt = Date.now()
    await until('calls to go through again', async () => {
      return (await answeredTo(prefix)).filter(({ requested_at }) => requested_at.getTime() > backAt).length > 20
    })
  })()
  const placed = await crowd.dials(planned(prefix), { ...load, enough: recovered })
  await recovered
  // The worker settles calls whose report found no database, within two minutes: dev/load/chaos.test.ts waits for that.
  t.same(
    placed.filter(({ answer }) => answer === null),
    [],
    'every placed call got an answer',
  )
  console.error(`restart: ${placed.length} calls, ${placed.filter(({ answer }) => answer !== 200).length} of them refused`)
  t.same([fastagi.starts(), web.starts()], starts, 'and no process restarted')
  t.equal(ledgerFault(await books(db, tenantId)), null)
  const charged = await db.selectFrom('ledger_entries').select('call_id').where('kind', '=', 'charge').execute()
  t.equal(new Set(charged.map(({ call_id }) => call_id)).size, charged.length, 'no call is charged twice')
  t.equal((await manager.get('/contacts')).status, 200)
})

/** A call of one second for each agent, to its own number below `prefix`. */
function planned(prefix: string) {
  return agents.map((agent, n) => ({ agent, number: prefix + String(n).padStart(4, '0'), talkMs: 30_000 }))
}

async function callsTo(prefix: string) {
  return db.selectFrom('calls').selectAll().where('e164', 'like', `${prefix}%`).execute()
}

async function answeredTo(prefix: string) {
  return (await callsTo(prefix)).filter(({ outcome }) => outcome === 'answered')
}

/** In Unix ms. */
interface Outage {
  from: number
  to: number
}

/** Whether a call placed at `at` may have had an open question during an outage longer than a question can wait. */
function metLongOutage(outages: Outage[], at: Date, endedAt: Date | null | undefined): boolean {
  const [began, ended] = [at.getTime(), (endedAt ?? new Date()).getTime()]
  return outages.some(({ from, to }) => to - from >= longOutageMs && began <= to && ended >= from)
}

/** A manager who opens one page after the other, each on its own connection, like nginx. */
function loadsPages() {
  const failures: string[] = []
  let loads = 0
  let stopped = false
  const over = (async () => {
    while (!stopped) {
      const page = loads % 2 === 0 ? '/contacts' : '/calls'
      const failure = await manager.get(page, { connection: 'close' }).then(
        ({ status }) => (status === 200 ? null : `${page} answered ${status}`),
        (error: unknown) => `${page}: ${String((error as Error).cause ?? error)}`,
      )
      if (failure !== null) failures.push(failure)
      loads += 1
      await pause(50)
    }
    return failures
  })()
  return {
    loads: () => loads,
    async stops(): Promise<string[]> {
      stopped = true
      return over
    },
  }
}

/** One of our processes, with another process that holds its port and restarts it. */
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
  const warned: Record<string, unknown>[] = []
  createInterface({ input: holder.stdout }).on('line', (line) => {
    const pid = /^started (\d+)$/.exec(line)?.[1]
    if (pid !== undefined) pids.push(Number(pid))
    else if (/"level":[456]0/.test(line)) warned.push(JSON.parse(line) as Record<string, unknown>)
  })
  t.teardown(() => {
    if (!t.passing()) console.error(`the first warnings of ${name}:`, warned.slice(0, 10))
  })
  const isServing = () => serves().catch(() => false)
  await until(`${name} to serve`, isServing)
  return {
    starts: () => pids.length,
    /** Calls, or phones of calls without an id, that got `unavailable` because an answer took too long. */
    toldUnavailable: () => new Set(warned.filter(({ ms }) => Number(ms) >= deadlineMs).map(({ callId, endpoint }) => callId ?? endpoint)),
    /** Stops it, and waits until the next one answers. */
    async restarts(): Promise<Outage> {
      const [before, from] = [pids.length, Date.now()]
      process.kill(pids.at(-1) ?? 0, 'SIGTERM')
      await until(`${name} to be started again`, () => pids.length > before)
      await until(`${name} to serve again`, isServing)
      return { from, to: Date.now() }
    },
  }
}
