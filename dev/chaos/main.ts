/**
 * `npm run chaos [-- --minutes 5] [--seed N]`: calls through a real Asterisk and a real carrier while fastagi, worker, web,
 * MariaDB and Asterisk are killed and stopped. Prints a summary of the calls; exits 1 for a broken promise. The same seed plans the
 * same calls and the same faults.
 */
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { openDatabase } from '../../domain/database/pool.ts'
import { seedDemo } from '../seed.ts'
import { installHostPrograms } from '../setup/packages.ts'
import { terminalProgress } from '../setup/progress.ts'
import { startStack } from '../stack/stack.ts'
import { report } from './report.ts'
import { runChaos } from './run.ts'

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '5' }, seed: { type: 'string' } } })
const progress = terminalProgress()
await installHostPrograms(['sipp'], progress)
const stack = await startStack({
  name: 'chaos',
  fresh: true,
  temporary: true,
  seed: (env) => seedDemo(env.RAMAL_DATABASE_URL),
  progress,
})
const db = openDatabase(stack.env.RAMAL_DATABASE_URL, { connections: 4 })
try {
  const run = await runChaos(stack, db, {
    minutes: Number(values.minutes),
    seed: values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed),
    note: progress.note,
  })
  console.log(report(run).join('\n'))
  if (run.broken.length > 0) process.exitCode = 1
} finally {
  await db.destroy()
  await stack.stop()
}
