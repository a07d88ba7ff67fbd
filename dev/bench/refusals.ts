/**
 * `npm run bench:refusals`: how soon a caller hears that no call is made while fastagi gives no answer; the promise is three seconds
 * from the question. Beside it, in the same run, a refusal that fastagi answers. By Asterisk's own log: from the question to
 * the prompt.
 *   npm run bench:refusals -- --rounds 10     how often each (5)
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openDatabase } from '../../domain/database/pool.ts'
import { Crowd, hireCrowd, type CrowdAgent } from '../flows/crowd.ts'
import { Stage } from '../flows/stage.ts'
import { seedDemo } from '../seed.ts'
import { installHostPrograms } from '../setup/packages.ts'
import { terminalProgress } from '../setup/progress.ts'
import { startStack } from '../stack/stack.ts'
import { median } from './median.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } })
const rounds = Number(values.rounds)
const promisedMs = 3000
/** An answer that has not come by then is not waited for. */
const patienceMs = 10_000
const progress = terminalProgress()
await installHostPrograms(['sipp'], progress)
const stack = await startStack({
  name: 'bench-refusals',
  fresh: true,
  temporary: true,
  parts: ['mariadb', 'fastagi', 'asterisk', 'carrier'],
  seed: (env) => seedDemo(env.RAMAL_DATABASE_URL),
  progress,
})
const db = openDatabase(stack.env.RAMAL_DATABASE_URL)
const stage = new Stage(stack, db, null)
const crowd = await Crowd.gather(stack)
const signal = (name: NodeJS.Signals) => process.kill(stack.fastagi.pid ?? 0, name)
const ways: [what: string, begin: () => unknown, end: () => unknown][] = [
  ['baseline: fastagi answers, the destination is closed', () => undefined, () => undefined],
  ['fastagi is down', () => stack.fastagi.stop(), () => stack.fastagi.start()],
  ['fastagi hangs (SIGSTOP)', () => signal('SIGSTOP'), () => signal('SIGCONT')],
]
try {
  const agents = await hireCrowd(db, await stage.tenantId(), ways.length * rounds, stack.env.RAMAL_SIP_DOMAIN)
  for (const [what, begin, end] of ways) {
    const ms: number[] = []
    for (let n = 0; n < rounds; n++) {
      progress.step(`${what}: ${n + 1} of ${rounds}`)
      const agent = agents.pop()
      if (!agent) throw new Error('each agent dials once')
      await begin()
      ms.push(await refusedAfterMs(agent))
      await end()
    }
    const late = ms.filter((each) => each > promisedMs).length
    const slowest = Math.max(...ms)
    console.log(`${what.padEnd(52)} ${shown(median(ms))} (${shown(slowest).trim()})   ${late} of ${rounds} over ${promisedMs / 1000} s`)
  }
} finally {
  await crowd.disband()
  await db.destroy()
  await stack.stop()
}

function shown(ms: number): string {
  return Number.isFinite(ms) ? `${ms.toFixed(0).padStart(6)} ms` : `none in ${patienceMs / 1000} s`
}

/** Lets an agent dial a closed number. Infinity when no prompt came. */
async function refusedAfterMs(agent: CrowdAgent): Promise<number> {
  const dialled = crowd.dials([{ agent, number: '+0900123456', talkMs: patienceMs + 1000 }], { perSecond: 1 })
  const over = dialled.then(() => true)
  for (const until = performance.now() + patienceMs * 2; performance.now() < until;) {
    const [asked, prompted] = [loggedAt(agent, 'AGI'), loggedAt(agent, 'TryExec|Playback')]
    if (asked !== undefined && prompted !== undefined) {
      await dialled
      return prompted - asked
    }
    if (asked !== undefined && Date.now() - asked > patienceMs) break
    if (await Promise.race([over, pause(100, false)])) await pause(100)
  }
  await stack.asterisk.cli('channel request hangup all')
  await dialled
  return Infinity
}

/** When a channel of this agent first ran one of these applications, `|` between them, in Unix ms. */
function loggedAt({ phone }: CrowdAgent, applications: string): number | undefined {
  const log = readFileSync(join(stack.asterisk.directory, 'log/messages.log'), 'utf8')
  const ran = new RegExp(`^\\[(\\S+ \\S+)\\] .* (?:${applications})\\("PJSIP/${phone.endpoint}-`, 'm').exec(log)
  return ran?.[1] === undefined ? undefined : Date.parse(`${ran[1].replace(' ', 'T')}Z`)
}
