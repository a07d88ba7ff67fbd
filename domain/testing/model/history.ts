import type { Uptime } from '../../runtime/clock.ts'
import type { Database } from '../../database/pool.ts'
import { Random } from '../random.ts'
import type { SceneAgent } from '../scene.ts'
import { checkInvariants } from './invariants.ts'
import { anyCompany, type Company } from './company.ts'
import { checkOutcomes } from './outcomes.ts'
import type { Step } from './step.ts'
import { anyStep } from './steps.ts'
import type { KnownIncoming } from './incoming-steps.ts'
import type { Passing } from './transfer-steps.ts'
import { settleEverything } from './settle.ts'

/** What a history knows of one of its calls: who makes it, and every report about it that was sent. */
export interface KnownCall {
  id: string
  agent: SceneAgent
  /** Whether it was asked already if it may be made. */
  asked: boolean
  /** Of the leg that was allowed; null until then. */
  uniqueId: string | null
  /** The lead's own, told with the answer. */
  leadLeg: string | null
  /** Who talks to the lead. */
  holder: SceneAgent
  /** Whether the lead's leg has taken the place of the agent's. */
  moved: boolean
  /** On its way to another agent. */
  passing: Passing | null
  answered: Moment[]
  /** Whether an answer of it was taken. */
  metered: boolean
  /** `heard`: the answer was that the call goes on. */
  renewed: (Moment & { heard: boolean })[]
  hungUp: (Moment & { uniqueId: string })[]
  /** What witnesses told by the wall clock; without `from`, of the end alone. */
  witnessed: { from: Date | null; until: Date }[]
}

/** When something happened, by both clocks of the machine; some histories have only the wall clock. */
export interface Moment {
  at: Date
  uptime: Uptime | undefined
}

/** How often each thing happened, over all histories: a history in which nothing happens proves nothing. */
export class Tally {
  readonly counts = new Map<string, number>()

  add(what: string, times = 1): void {
    if (times > 0) this.counts.set(what, (this.counts.get(what) ?? 0) + times)
  }

  of(what: string): number {
    return this.counts.get(what) ?? 0
  }
}

/** One company through any order, repetition, lateness or loss of reports. */
export interface History {
  db: Database
  random: Random
  tally: Tally
  company: Company
  /** A phone of another company. */
  stranger: { endpoint: string }
  calls: KnownCall[]
  incoming: KnownIncoming[]
  /** The wall clock, which is set now and then. */
  nowMs: number
  /** The steady clock, since the machine was started for the `boots`th time; 0 = this history has none. */
  uptimeMs: number
  boots: number
  /** The deeds so far, one line for each step. */
  told: string[]
}

/**
 * Lives one history from its seed, checking the books after every step. Rejects with the seed and all that happened when
 * they are wrong.
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
    boots: random.percent(70) ? 1 : 0,
    told: [],
  }
  try {
    for (let steps = random.between(3, 10); steps > 0; steps--) await step(history)
    await settleEverything(history)
    await checkOutcomes(history)
  } catch (error) {
    const what = `history of seed ${seed} (npm run soak -- --seed ${seed} --histories 1)`
    throw new Error(`${what}: ${(error as Error).message}\n${history.told.join('\n')}`, { cause: error })
  }
}

/** One deed, or several truly at once, each on a connection of its own; then the clock moves on. */
async function step(history: History): Promise<void> {
  const { random, tally } = history
  const atOnce = random.percent(60) ? 1 : random.between(2, 5)
  const deeds: Step[] = []
  while (deeds.length < atOnce) {
    const deed = anyStep(history)
    if (deed) deeds.push(deed)
  }
  await doAtOnce(history, deeds)
  if (deeds.length > 1) tally.add('steps with several deeds at once')
  passTime(history)
}

export function momentOf({ nowMs, uptimeMs, boots }: History, afterMs = 0): Moment {
  const uptime = { boot: `6e3b1f1e-0000-4000-8000-${String(boots).padStart(12, '0')}`, ms: uptimeMs + afterMs }
  return { at: new Date(nowMs + afterMs), uptime: boots === 0 ? undefined : uptime }
}

/** Does them together, with a look at the books in their midst, and another when they are done. */
export async function doAtOnce(history: History, deeds: Step[]): Promise<void> {
  const { told, nowMs } = history
  told.push(`${new Date(nowMs).toISOString()} ${deeds.map(({ what }) => what).join(' | ')}`)
  const work = deeds.map(({ done }) => done())
  if (deeds.length > 1) work.push(checkInvariants(history))
  const outcomes = await Promise.allSettled(work)
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failed) throw failed.reason
  await checkInvariants(history)
}

/** Mostly moments and minutes, sometimes hours; and now and then somebody sets the wall clock, or the machine starts again. */
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
  if (history.boots > 0 && random.percent(2)) {
    history.boots++
    history.uptimeMs = random.below(60_000)
    tally.add('restarts of the machine')
  }
}
