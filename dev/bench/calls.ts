/**
 * `npm run bench:calls`: the cost of calls during the talk. SIPp's phones speak with real audio through Asterisk to the private
 * carrier, 20, 50, 100 and 150 at once, recorded; then without recording; then recorded by a dialplan without AGI questions. It
 * measures a minute of each, with one renewal per lease: processor time and memory of Asterisk and of our processes, and lost
 * packets. Calls start before that minute and end after it.
 *   npm run bench:calls -- --calls 100     one size only
 */
import { copyFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openDatabase } from '../../domain/database/pool.ts'
import { Crowd, hireCrowd } from '../flows/crowd.ts'
import { Stage } from '../flows/stage.ts'
import { until } from '../flows/until.ts'
import { seedDemo } from '../seed.ts'
import { checkout } from '../setup/cache.ts'
import { installHostPrograms } from '../setup/packages.ts'
import { terminalProgress } from '../setup/progress.ts'
import type { Asterisk } from '../stack/asterisk.ts'
import { startStack } from '../stack/stack.ts'
import { processorMs, residentMib } from './process-cost.ts'

const { values } = parseArgs({ options: { calls: { type: 'string' } } })
const sizes = values.calls === undefined ? [20, 50, 100, 150] : [Number(values.calls)]
/** One tick of the lease of every call. */
const measuredSeconds = 60
const perSecond = 10
const ours = ['fastagi', 'web', 'worker'] as const
const processes = ['asterisk', ...ours, 'mariadb'] as const
type ProcessName = (typeof processes)[number]

interface Cost {
  /** Per cent of one core. */
  processor: Record<ProcessName, number>
  memoryMib: Record<ProcessName, number>
  /** Packets that Asterisk and the carrier should have received, and did not. */
  lost: { packets: number; of: number }
}

const progress = terminalProgress()
await installHostPrograms(['sipp'], progress)
const stack = await startStack({
  name: 'bench-calls',
  fresh: true,
  temporary: true,
  durable: true,
  seed: (env) => seedDemo(env.RAMAL_DATABASE_URL),
  progress,
})
const db = openDatabase(stack.env.RAMAL_DATABASE_URL)
const crowd = await Crowd.gather(stack)
const phoneConf = join(stack.asterisk.directory, 'etc/phone.conf')
let nextNumber = 0
try {
  const stage = new Stage(stack, db, null)
  await stage.hasMinutes(10_000_000)
  await db.updateTable('tenants').set({ max_calls: 500, max_calls_per_second: 500, spend_alarm_factor: 0 }).execute()
  const agents = await hireCrowd(db, await stage.tenantId(), Math.max(...sizes), stack.env.RAMAL_SIP_DOMAIN)

  const talk = async (size: number, title: string): Promise<Cost> => {
    progress.step(`${size} calls, ${title}`)
    const plan = agents.slice(0, size).map((agent) => ({
      agent,
      number: `+551197000${String(nextNumber++).padStart(4, '0')}`,
      talkMs: (size / perSecond + measuredSeconds + 15) * 1000,
    }))
    const over = crowd.dials(plan, { perSecond })
    const numbers = new Set(plan.map(({ number }) => number))
    const up = () =>
      stack.carrier.invites().filter(({ number, answeredAt, endedAt }) => numbers.has(`+${number}`) && answeredAt && !endedAt)
    await until('every call to be up', async () => up().length === size, 60_000)
    // Skips the first seconds of sound and the writing of rows.
    await pause(2000)
    const [startedAt, before, packetsBefore] = [performance.now(), costs(processorMs), await packets()]
    await pause(measuredSeconds * 1000)
    const [seconds, after, packetsAfter] = [(performance.now() - startedAt) / 1000, costs(processorMs), await packets()]
    if (up().length !== size) throw new Error(`${size - up().length} of ${size} calls ended too early`)
    const memoryMib = costs(residentMib)
    await over
    await until('every call to be settled', async () => !(await anyOpen()), 60_000)
    await until('every recording to be stored', async () => recordingsLeft() === 0, 300_000)
    return {
      processor: each((name) => (after[name] - before[name]) / seconds / 10),
      memoryMib,
      lost: { packets: packetsAfter.lost - packetsBefore.lost, of: packetsAfter.received - packetsBefore.received },
    }
  }

  const variants = {
    'as it is': async (size: number) => {
      await records(true)
      return talk(size, 'recorded')
    },
    'not recorded': async (size: number) => {
      await records(false)
      return talk(size, 'not recorded')
    },
    'no AGI': async (size: number) => {
      copyFileSync(join(checkout, 'dev/bench/calls/phone.conf'), phoneConf)
      await stack.asterisk.cli('dialplan reload')
      try {
        return await talk(size, 'recorded, without AGI')
      } finally {
        copyFileSync(join(checkout, 'dialplan/phone.conf'), phoneConf)
        await stack.asterisk.cli('dialplan reload')
      }
    },
  }
  row(
    'calls',
    'how',
    'Asterisk',
    '× as it is',
    'our three',
    'of Asterisk',
    'fastagi',
    'web',
    'worker',
    'MariaDB',
    'lost packets',
    'memory of Asterisk',
    'ours',
  )
  for (const size of sizes) {
    let base: number | undefined
    for (const [how, run] of Object.entries(variants)) {
      const { processor, memoryMib, lost } = await run(size)
      base ??= processor.asterisk
      const three = ours.reduce((sum, name) => sum + processor[name], 0)
      row(
        String(size),
        how,
        `${processor.asterisk.toFixed(1)} %`,
        (processor.asterisk / base).toFixed(2),
        `${three.toFixed(2)} %`,
        `${((100 * three) / processor.asterisk).toFixed(1)} %`,
        ...ours.map((name) => `${processor[name].toFixed(2)} %`),
        `${processor.mariadb.toFixed(2)} %`,
        `${lost.packets} of ${lost.of}`,
        `${memoryMib.asterisk.toFixed(0)} MiB`,
        `${ours.map((name) => memoryMib[name].toFixed(0)).join(' + ')} MiB`,
      )
    }
  }
} finally {
  await crowd.disband()
  await db.destroy()
  await stack.stop()
}

async function records(on: boolean): Promise<void> {
  await db.updateTable('tenants').set({ records_calls: on }).execute()
}

function each<T>(of: (name: ProcessName) => T): Record<ProcessName, T> {
  return Object.fromEntries(processes.map((name) => [name, of(name)])) as Record<ProcessName, T>
}

function costs(of: (pid: number | undefined) => number): Record<ProcessName, number> {
  return each((name) => of(stack[name].pid))
}

async function anyOpen(): Promise<boolean> {
  return (await db.selectFrom('calls').select('id').where('ended_at', 'is', null).limit(1).executeTakeFirst()) !== undefined
}

/** Raw files that wait for the worker. Deletes those of the dialplan without AGI questions, which belong to no call. */
function recordingsLeft(): number {
  const files = readdirSync(stack.env.RAMAL_MONITOR_DIR)
  for (const file of files.filter((name) => name.startsWith('bare-'))) rmSync(join(stack.env.RAMAL_MONITOR_DIR, file))
  return files.filter((name) => !name.startsWith('bare-')).length
}

/** Received and lost packets of every open leg, at Asterisk and at the carrier, from their RTP statistics. */
async function packets(): Promise<{ received: number; lost: number }> {
  const sum = { received: 0, lost: 0 }
  for (const asterisk of [stack.asterisk, stack.carrier] as Asterisk[]) {
    // BridgeId ChannelId UpTime Codec, then Count Lost Pct Jitter of received packets, and the same of sent packets.
    for (const line of (await asterisk.cli('pjsip show channelstats')).split('\n')) {
      const received = /\s\d\d:\d\d:\d\d\s+\S+\s+(\d+)(K?)\s+(\d+)(K?)\s/.exec(line)
      if (!received) continue
      const [, count, thousands, lost, lostThousands] = received
      sum.received += Number(count) * (thousands ? 1000 : 1)
      sum.lost += Number(lost) * (lostThousands ? 1000 : 1)
    }
  }
  return sum
}

function row(...cells: string[]): void {
  const widths = [6, 14, 10, 11, 10, 12, 9, 9, 9, 9, 18, 20, 20]
  console.log(cells.map((cell, n) => (n === 1 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0))).join(' '))
}
