import { checkInvariants } from './invariants.ts'
import type { History } from './state.ts'
import type { Step } from './step.ts'

/** Runs the steps at once, each on a connection of its own. Checks the invariants while they run, and after them. */
export async function performAtOnce(history: History, steps: Step[]): Promise<void> {
  const { performed, nowMs } = history
  performed.push(`${new Date(nowMs).toISOString()} ${steps.map(({ what }) => what).join(' | ')}`)
  const work = steps.map(({ done }) => done())
  if (steps.length > 1) work.push(checkInvariants(history))
  const results = await Promise.allSettled(work)
  const failed = results.find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
  await checkInvariants(history)
}
