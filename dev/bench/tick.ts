/**
 * `npm run bench:tick`: the cost of lease ticks. Forty calls with real audio, first with only the tick at the answer, then with a tick
 * every two seconds; processor time of Asterisk, fastagi and MariaDB over the same time.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { openDatabase } from '../../domain/database/pool.ts'
import { Crowd, hireCrowd } from '../flows/crowd.ts'
import { Stage } from '../flows/stage.ts'
import { until } from '../flows/until.ts'
import { seedDemo } from '../seed.ts'
import { installHostPrograms } from '../setup/packages.ts'
import { terminalProgress } from '../setup/progress.ts'
import { startStack, type Stack } from '../stack/stack.ts'
import { processorMs } from './process-cost.ts'

const calls = 40
const measuredSeconds = 60
const fastTickSeconds = 2
const dayTickSeconds = 86_400

type Times = Record<'asterisk' | 'fastagi' | 'mariadb', number>

const progress = terminalProgress()
await installHostPrograms(['sipp'], progress)
const stack = await startStack({
  name: 'bench',
  fresh: true,
  temporary: true,
  parts: ['mariadb', 'fastagi', 'asterisk', 'carrier', 'worker'],
  seed: (env) => seedDemo(env.RAMAL_DATABASE_URL),
  progress,
})
const db = openDatabase(stack.env.RAMAL_DATABASE_URL)
const crowd = await Crowd.gather(stack)
try {
  const stage = new Stage(stack, db, null)
  const tenantId = await stage.tenantId()
  await stage.hasMinutes(100_000)
  await db.updateTable('tenants').set({ max_calls: 500, max_calls_per_second: 500, spend_alarm_factor: 0, records_calls: false }).execute()
  const agents = await hireCrowd(db, tenantId, calls, stack.env.RAMAL_SIP_DOMAIN)

  const measure = async (tickSeconds: number, round: number): Promise<Times> => {
    await stack.asterisk.cli(`dialplan set global RAMAL_TICK_SECONDS ${tickSeconds}`)
    const plan = agents.map((agent, n) => ({
      agent,
      number: `+551197000${round}${String(n).padStart(3, '0')}`,
      talkMs: (measuredSeconds + 20) * 1000,
    }))
    const over = crowd.dials(plan, { perSecond: 10 })
    const inState = async (state: 'answered' | 'ended') =>
      (
        await db
          .selectFrom('calls')
          .select('id')
          .where(
            'e164',
            'in',
            plan.map(({ number }) => number),
          )
          .where('state', '=', state)
          .execute()
      ).length
    await until('every call to be up', async () => (await inState('answered')) === calls, 30_000)
    progress.step(`${calls} calls, a tick every ${tickSeconds} s`)
    const before = timesOf(stack)
    await pause(measuredSeconds * 1000)
    const after = timesOf(stack)
    await over
    await until('every call to end', async () => (await inState('ended')) === calls, 60_000)
    return { asterisk: after.asterisk - before.asterisk, fastagi: after.fastagi - before.fastagi, mariadb: after.mariadb - before.mariadb }
  }
  const quiet = await measure(dayTickSeconds, 0)
  const ticking = await measure(fastTickSeconds, 1)
  const ticks = (calls * measuredSeconds) / fastTickSeconds
  progress.note(`${calls} calls for ${measuredSeconds} s; ${ticks} ticks in the second round`)
  const row = (name: string, ...cells: string[]) => console.log(name.padEnd(10) + cells.map((cell) => cell.padStart(16)).join(''))
  row('', 'no ticks', 'with ticks', 'per tick')
  let perTickMs = 0
  for (const name of ['asterisk', 'fastagi', 'mariadb'] as const) {
    const each = (ticking[name] - quiet[name]) / ticks
    perTickMs += each
    row(name, `${quiet[name]} ms`, `${ticking[name]} ms`, `${each.toFixed(2)} ms`)
  }
  const callPercent = (quiet.asterisk + quiet.fastagi + quiet.mariadb) / calls / (measuredSeconds * 10)
  const tickPercent = perTickMs / 600
  console.log(
    `a tick costs ${perTickMs.toFixed(1)} ms of processor time in total; one per minute is ${tickPercent.toFixed(4)} % of a core for each call`,
  )
  console.log(
    `a call without ticks takes ${callPercent.toFixed(2)} % of a core: ticks add ${((100 * tickPercent) / callPercent).toFixed(1)} % to it`,
  )
} finally {
  await crowd.disband()
  await db.destroy()
  await stack.stop()
}

function timesOf({ asterisk, fastagi, mariadb }: Stack): Times {
  return { asterisk: processorMs(asterisk.pid), fastagi: processorMs(fastagi.pid), mariadb: processorMs(mariadb.pid) }
}
