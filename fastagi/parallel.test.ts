import t from 'tap'
import { loadConfig } from '../domain/runtime/config.ts'
import { createLog } from '../domain/runtime/log.ts'
import { addAgents } from '../domain/testing/agents.ts'
import { heldClock } from '../domain/testing/clock.ts'
import { asProcess, testDatabase } from '../domain/testing/database.ts'
import { registers, scene } from '../domain/testing/scene.ts'
import { books, clicks, second } from '../domain/testing/steps.ts'
import type { AgiContext } from './context.ts'
import { fakeAsterisk } from './testing/fake-asterisk.ts'
import { authorize } from './scripts/authorize.ts'
import { hangup } from './scripts/hangup.ts'
import { createAgiServer } from './server.ts'

// As many connections as fastagi/main.ts opens. How fast it answers is for npm run bench:agi to say: on a busy machine some of
// two hundred would be told `unavailable` at the deadline, and the question here is what the others are told.
const db = await testDatabase(t, { connections: 10 })
let now = second(0)
const log = createLog('test', 'silent')
const config = loadConfig({ RAMAL_DATABASE_URL: 'mysql://unused' })
const server = createAgiServer<AgiContext>({
  scripts: { authorize, hangup },
  context: { db: await asProcess(t, db, 'fastagi'), config, clock: heldClock(() => now), log },
  log,
  deadlineMs: 50_000,
})
await server.listen({ host: '127.0.0.1', port: 0 })
t.teardown(() => server.close())
const asterisk = fakeAsterisk(server.address.port)
const from = (agent: { endpoint: string }) => ({ channel: `PJSIP/${agent.endpoint}-0000001a` })

const calls = 200
const fitting = 10

t.test(`${calls} agents ask at once, and there are minutes for ${fitting}: exactly ${fitting} calls`, async (t) => {
  const sol = await scene(db, { balanceSeconds: fitting * 120, tenant: { max_calls: calls } })
  const agents = await addAgents(db, sol, calls)
  const leads: string[] = []
  for (const agent of agents) {
    await registers(db, agent, now)
    leads.push(await clicks(db, sol, agent, now))
  }
  now = second(1)
  const runs = await Promise.all(agents.map((agent, index) => asterisk.runs('authorize', [leads[index] ?? ''], from(agent))))
  const verdicts = Map.groupBy(runs, (run) => run.variables['RAMAL_VERDICT'])
  t.same(
    [...verdicts].map(([verdict, given]) => [verdict, given.length]).sort(),
    [
      ['allowed', fitting],
      ['no-balance', calls - fitting],
    ],
    'every call has a verdict, and the balance is used up exactly',
  )
  const full = { balance: fitting * 120, held: fitting * 120, ledger: fitting * 120, leases: fitting * 120 }
  t.same(await books(db, sol.tenantId), full)
  t.comment(`the slowest answer came after ${Math.max(...runs.map((run) => run.ms)).toFixed(0)} ms`)

  now = second(20)
  const allowed = agents.filter((_, index) => runs[index]?.variables['RAMAL_VERDICT'] === 'allowed')
  const rungInVain = runs.flatMap((run) => (run.variables['RAMAL_VERDICT'] === 'allowed' ? [run.variables['RAMAL_CALL'] ?? ''] : []))
  await Promise.all(
    rungInVain.map((call, index) =>
      asterisk.runs('hangup', [call, 'BUSY', '486', '17', '', '16'], { ...from(allowed[index] ?? sol.ana), dead: true }),
    ),
  )
  t.same(await books(db, sol.tenantId), { ...full, held: 0, leases: 0 }, 'unanswered calls cost nothing, and the reserved minutes return')
  const again = await asterisk.runs('authorize', ['', '11987654301'], from(sol.ana))
  t.equal(again.variables['RAMAL_VERDICT'], 'allowed', 'for the next call')
})
