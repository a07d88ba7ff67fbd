/**
 * `npm run bench:agi`: authorize, answered and hangup of a call, repeatedly, through the process of the AGI server over real
 * sockets; beside the same statements of the same transactions sent by mysql2 alone (`query`, as text) in the same run. Two more
 * cycles show where the difference goes: the domain's functions in this process (the rules, and the gain of prepared statements),
 * and the bare statements in another process behind sockets like fastagi's (three connections per call, and two more processes).
 * The database writes to disk at each commit, as in production.
 *   npm run bench:agi -- --seconds 10     length of each measurement (1.5 s)
 */
import { parseArgs } from 'node:util'
import { openDatabase } from '../../domain/database/pool.ts'
import { terminalProgress } from '../setup/progress.ts'
import { startStack } from '../stack/stack.ts'
import { agiCycle } from './agi/agi-cycle.ts'
import { bareConnections, bareCycle } from './agi/bare-cycle.ts'
import { addCallers, checkAllBooks } from './agi/callers.ts'
import { domainCycle } from './agi/domain-cycle.ts'
import { callFor, measure, type Measurement } from './agi/measure.ts'
import { recordCycle, statementsOf } from './agi/recording.ts'
import { startSocketServer } from './agi/socket-process.ts'
import { median } from './median.ts'

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '1.5' } } })
const secondsEach = Number(values.seconds)
const rounds = 9
const companies = 16
const connectionCounts = [1, 16, 64]
const progress = terminalProgress()
const stack = await startStack({ name: 'bench-agi', fresh: true, temporary: true, durable: true, parts: ['mariadb', 'fastagi'], progress })
const db = openDatabase(stack.env.RAMAL_DATABASE_URL, { connections: 32 })
const bare = bareConnections(stack.env.RAMAL_DATABASE_URL, Math.max(...connectionCounts))
let sockets: Awaited<ReturnType<typeof startSocketServer>> | undefined
try {
  progress.step('adding companies')
  const callers = await addCallers(db, companies, Math.max(...connectionCounts))
  const recording = await recordCycle(stack.env.RAMAL_DATABASE_URL)
  const statements = statementsOf(recording)
  progress.note(
    `One call is ${statements.flat().length} statements in ${statements.length} transactions; ${companies} companies, as many agents as connections`,
  )
  sockets = await startSocketServer(stack.env.RAMAL_DATABASE_URL, callers, recording)
  const ways = {
    'bare mysql2': { cycle: bareCycle(bare, statements), ours: process.pid },
    'bare, over sockets': { cycle: agiCycle(sockets.port), ours: sockets.pid },
    'domain, no AGI': { cycle: domainCycle(db), ours: process.pid },
    AGI: { cycle: agiCycle(stack.ports.agi), ours: stack.fastagi.pid ?? 0 },
  }
  // V8 needs some thousand runs to optimise the code; servers run for weeks.
  for (const [way, { cycle }] of Object.entries(ways)) {
    progress.step(`warming up: ${way}`)
    await callFor(cycle, callers.slice(0, 16), 20_000)
  }
  for (const connections of connectionCounts) {
    const measured = new Map<string, Measurement[]>(Object.keys(ways).map((way) => [way, []]))
    // In turn, so that other load of the machine affects all of them.
    for (let round = 0; round < rounds; round++) {
      for (const [way, { cycle, ours }] of Object.entries(ways)) {
        progress.step(`${connections} connections, round ${round + 1} of ${rounds}: ${way}`)
        const processes = { ours, mariadb: stack.mariadb.pid ?? 0 }
        measured.get(way)?.push(await measure(cycle, callers.slice(0, connections), secondsEach * 1000, processes))
      }
    }
    report(connections, measured)
  }
  await sockets.end()
  await checkAllBooks(db)
  console.log('Balance, ledger and leases of all companies agree, and no call is open.')
} finally {
  await sockets?.end()
  await bare.end()
  await db.destroy()
  await stack.stop()
}

function report(connections: number, measured: Map<string, Measurement[]>): void {
  console.log(`\n${connections} ${connections === 1 ? 'connection' : 'connections'}`)
  console.log('                      calls/s   of bare    p50 ms    p99 ms   CPU per call: ours   MariaDB')
  const bareRounds = measured.get('bare mysql2') ?? []
  for (const [way, rounds] of measured) {
    const of = (key: 'perSecond' | 'p50Ms' | 'p99Ms' | 'ourCpuMs' | 'mariadbCpuMs') => median(rounds.map((round) => round[key]))
    // Relative to the bare round just before it, because the speed of a machine varies.
    const share = `${Math.round(100 * median(rounds.map(({ perSecond }, round) => perSecond / (bareRounds[round]?.perSecond ?? 0))))} %`
    console.log(
      `${way.padEnd(19)} ${of('perSecond').toFixed(0).padStart(9)} ${share.padStart(9)} ${of('p50Ms').toFixed(1).padStart(9)} ${of('p99Ms').toFixed(1).padStart(9)}` +
        ` ${of('ourCpuMs').toFixed(2).padStart(17)} ms ${of('mariadbCpuMs').toFixed(2).padStart(6)} ms`,
    )
  }
}
