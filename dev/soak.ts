/**
 * `npm run soak`: random histories of companies on a real MariaDB, and checks balance, ledger and leases after every step.
 *   npm run soak                                  50,000 histories
 *   npm run soak -- --histories 1 --seed 4711     repeats that history
 */
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { openDatabase } from '../domain/database/pool.ts'
import { liveHistories, mustHappen } from '../domain/testing/model/run.ts'
import { terminalProgress } from './setup/progress.ts'
import { startStack } from './stack/stack.ts'

const { values } = parseArgs({ options: { histories: { type: 'string', default: '50000' }, seed: { type: 'string' } } })
const histories = Number(values.histories)
const seed = Number(values.seed ?? randomInt(1e9))
const progress = terminalProgress()
const stack = await startStack({ name: 'soak', fresh: true, temporary: true, parts: ['mariadb'], progress })
const db = openDatabase(stack.env.RAMAL_DATABASE_URL, { connections: 32 })
try {
  progress.note(`${histories} histories from seed ${seed}`)
  const startedAt = performance.now()
  const onProgress = (lived: number) => {
    if (lived % 1000 === 0) progress.note(`${lived} lived, ${Math.round((performance.now() - startedAt) / 1000)} s`)
  }
  const tally = await liveHistories(db, { histories, seed, onProgress })
  for (const [what, times] of [...tally.counts].sort()) console.log(`${String(times).padStart(9)}  ${what}`)
  const never = mustHappen.filter((what) => tally.of(what) === 0)
  if (never.length > 0) console.log(`Never met: ${never.join(', ')}`)
  console.log(`${histories} histories from seed ${seed}: balance, ledger and leases agreed after every step.`)
} catch (error) {
  console.log((error as Error).message)
  process.exitCode = 1
} finally {
  await db.destroy()
  await stack.stop()
}
