import type { Database } from '../../database/pool.ts'
import { Random } from '../random.ts'
import { anyCompany } from './company.ts'
import { checkOutcomes } from './outcomes.ts'
import { performAtOnce } from './perform.ts'
import { settleEverything } from './settle.ts'
import type { History, Tally } from './state.ts'
import type { Step } from './step.ts'
import { anyStep } from './steps.ts'

/**
 * Runs one history from its seed and checks the invariants after every step. Rejects with the seed and all steps if one
 * does not hold.
 */
export async function liveHistory(db: Database, seed: number, tally: Tally, stranger: { endpoint: string }): Promise<void> {
  const random = new Random(seed)
  const nowMs = Date.UTC(
    2026,
    random.below(12),
    random.between(1, 28),
    random.below(24),
    random.below(60),
    random.below(60),
    random.below(1000),
  )
  const company = await anyCompany(db, random, new Date(nowMs))
  const history: History = {
    db,
    random,
    tally,
    company,
    stranger,
    calls: [],
    incoming: [],
    nowMs,
    uptimeMs: 0,
    boots: 1,
    restartPercent: random.percent(70) ? 2 : 100,
    performed: [],
  }
  try {
    for (let turns = random.between(3, 10); turns > 0; turns--) await takeTurn(history)
    await settleEverything(history)
    await checkOutcomes(history)
  } catch (error) {
    const what = `history of seed ${seed} (npm run soak -- --seed ${seed} --histories 1)`
    throw new Error(`${what}: ${(error as Error).message}\n${history.performed.join('\n')}`, { cause: error })
  }
}

/** One step, or several at once; then time passes. */
async function takeTurn(history: History): Promise<void> {
  const { random, tally } = history
  const atOnce = random.percent(60) ? 1 : random.between(2, 5)
  const steps: Step[] = []
  while (steps.length < atOnce) {
    const step = anyStep(history)
    if (step) steps.push(step)
  }
  await performAtOnce(history, steps)
  if (steps.length > 1) tally.add('several steps at once')
  passTime(history)
}

/** Mostly seconds and minutes, sometimes hours. Now and then the wall clock is set, or the machine restarts. */
function passTime(history: History): void {
  const { random, tally } = history
  const kind = random.below(100)
  const ms = random.below(kind < 35 ? 2000 : kind < 80 ? 60_000 : kind < 95 ? 4 * 60_000 : kind < 98 ? 3 * 3_600_000 : 40 * 86_400_000)
  history.nowMs += ms
  history.uptimeMs += ms
  if (random.percent(6)) {
    history.nowMs += random.pick([-2000, -random.below(2 * 3_600_000), random.below(2 * 3_600_000)])
    tally.add('jumps of the wall clock')
  }
  if (random.percent(history.restartPercent)) {
    history.boots++
    history.uptimeMs = random.below(60_000)
    tally.add('restarts of the machine')
  }
}
