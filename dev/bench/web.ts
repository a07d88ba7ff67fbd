/**
 * `npm run bench:web`: the history among a million calls, over HTTP as a manager: its first page, filtered pages, the thousandth
 * page, and searches by number, beside a trivial page of the same site in the same run. Then an export of the
 * whole history, and the site's memory during it.
 *   npm run bench:web -- --calls 100000 --requests 50
 */
import { parseArgs } from 'node:util'
import { openDatabase } from '../../domain/database/pool.ts'
import { Visitor } from '../../web/testing/visitor.ts'
import { demoPassword, seedDemo } from '../seed.ts'
import { terminalProgress } from '../setup/progress.ts'
import { startStack } from '../stack/stack.ts'
import { seedCalls } from './web/million-calls.ts'
import { watchResident } from './web/resident.ts'

const { values } = parseArgs({ options: { calls: { type: 'string', default: '1000000' }, requests: { type: 'string', default: '100' } } })
const [calls, requests] = [Number(values.calls), Number(values.requests)]
const goalMs = 50
const pageLength = 50
const progress = terminalProgress()
const stack = await startStack({ name: 'bench-web', fresh: true, temporary: true, parts: ['mariadb'], progress })
const db = openDatabase(stack.env.RAMAL_DATABASE_URL)
try {
  progress.step(`writing ${calls.toLocaleString('en')} calls`)
  await seedDemo(stack.env.RAMAL_DATABASE_URL)
  const startedAt = performance.now()
  await seedCalls(db, calls)
  progress.note(`${calls.toLocaleString('en')} calls written in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`)
  await stack.web.start()
  const manager = new Visitor(stack.url, {})
  await manager.signsIn('marcia@padaria-sol.example', demoPassword)

  const pages = await addresses()
  const base = await measure('a trivial page, baseline', () => '/contacts/new')
  for (const [name, address] of Object.entries(pages)) await measure(name, address, base.p50)
  await exportAll(manager)

  /** Prints how long a page takes, median and 95th percentile. */
  async function measure(name: string, address: (n: number) => string, baseMs?: number): Promise<{ p50: number }> {
    progress.step(name)
    const took: number[] = []
    for (let n = -10; n < requests; n++) {
      const askedAt = performance.now()
      const { status } = await manager.get(address(Math.abs(n)))
      if (status !== 200) throw new Error(`${address(Math.abs(n))} answered ${status}`)
      if (n >= 0) took.push(performance.now() - askedAt)
    }
    took.sort((a, b) => a - b)
    const [p50 = 0, p95 = 0] = [0.5, 0.95].map((share) => took[Math.floor(took.length * share)])
    const ratio = baseMs === undefined ? '' : `${(p50 / baseMs).toFixed(1)} × baseline   ${p95 < goalMs ? 'ok' : `over ${goalMs} ms`}`
    console.log(`${name.padEnd(42)} p50 ${p50.toFixed(1).padStart(6)} ms   p95 ${p95.toFixed(1).padStart(6)} ms   ${ratio}`)
    return { p50 }
  }
} finally {
  await db.destroy()
  await stack.stop()
}

/** For each page, the path of its nth request: some differ from request to request. */
async function addresses(): Promise<Record<string, (n: number) => string>> {
  const { id: tenantId } = await db.selectFrom('tenants').select('id').where('slug', '=', 'padaria-sol').executeTakeFirstOrThrow()
  const mine = db.selectFrom('calls').where('tenant_id', '=', tenantId)
  const agents = await db.selectFrom('agents').select('id').where('tenant_id', '=', tenantId).where('extension', 'like', '20%').execute()
  const some = await mine.select('e164').orderBy('requested_at').limit(requests).execute()
  const number = (n: number) => some[n % some.length]?.e164 ?? ''
  const agent = (n: number) => agents[n % agents.length]?.id ?? 0
  const deep = await mine
    .select(['id', 'requested_at'])
    .orderBy('requested_at', 'desc')
    .orderBy('id', 'desc')
    .offset(Math.min(999 * pageLength, Math.floor(calls / 2)))
    .limit(1)
    .executeTakeFirstOrThrow()
  return {
    'the first page': () => '/calls',
    'filtered by a rare outcome': () => '/calls?outcome=our-failure',
    'filtered by agent and outcome': (n) => `/calls?agent=${agent(n)}&outcome=refused`,
    'filtered by agent, outcome and days': (n) => `/calls?agent=${agent(n)}&outcome=busy&from=2026-01-01&to=2026-06-30`,
    'nothing matches': (n) => `/calls?agent=${agent(n)}&outcome=agent-declined&number=5511987650000`,
    'page 1,000': () => `/calls?before=${deep.requested_at.getTime()}-${deep.id}`,
    'a whole number': (n) => `/calls?number=${encodeURIComponent(number(n))}`,
    'the last four digits': (n) => `/calls?number=${number(n).slice(-4)}`,
    'the first five, without the area code': (n) => `/calls?number=${number(n).slice(5, 10)}`,
    'an area code': () => '/calls?number=41',
    'the last four digits, and an outcome': (n) => `/calls?number=${number(n).slice(-4)}&outcome=answered`,
    'the last three digits, and an outcome': (n) => `/calls?number=${number(n).slice(-3)}&outcome=answered`,
  }
}

async function exportAll(manager: Visitor): Promise<void> {
  progress.step('exporting everything')
  let lines = 0
  const startedAt = performance.now()
  const resident = await watchResident(stack.web.pid ?? 0, async () => {
    const { body } = await manager.open('/calls/export')
    for await (const piece of body ?? []) for (const byte of piece) if (byte === 0x0a) lines += 1
  })
  const seconds = (performance.now() - startedAt) / 1000
  const { startMib, maxMib, endMib } = resident
  console.log(`the export: ${lines.toLocaleString('en')} lines in ${seconds.toFixed(0)} s`)
  console.log(
    `memory of web: ${startMib.toFixed(0)} MiB at the start, ${maxMib.toFixed(0)} MiB at most, ${endMib.toFixed(0)} MiB at the end`,
  )
}
