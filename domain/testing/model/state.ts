import type { TransferKind } from '../../calls/transfers/transfer-steps.ts'
import type { Database } from '../../database/pool.ts'
import type { Moment } from '../../runtime/clock.ts'
import type { Random } from '../random.ts'
import type { SceneAgent } from '../scene.ts'
import type { Company } from './company.ts'

/** What a history knows about an outgoing call: its agents, and every report that was sent about it. */
export interface KnownCall {
  id: string
  agent: SceneAgent
  /** Whether authorize was asked about it. */
  asked: boolean
  /** Of the leg that was allowed; null until then. */
  uniqueId: string | null
  /** The lead's own leg, reported with the answer. */
  leadLeg: string | null
  /** The agent who talks to the lead. */
  holder: SceneAgent
  /** Whether the lead's leg has taken the place of the agent's. */
  moved: boolean
  /** Null while no transfer was tried. */
  transfer: KnownTransfer | null
  answered: Moment[]
  /** Whether an answer was accepted. */
  metered: boolean
  /** `heard`: the reply was that the call goes on. */
  renewed: (Moment & { heard: boolean })[]
  hungUp: (Moment & { uniqueId: string })[]
  /** What the event log or the recording says, by the wall clock; `from` is null if it has only the end. */
  witnessed: { from: Date | null; until: Date }[]
}

/** A transfer of a call from one agent to another. */
export interface KnownTransfer {
  from: SceneAgent
  to: SceneAgent
  kind: TransferKind
  /** The stages that have not run yet, in order. */
  stages: TransferStage[]
}

export type TransferStage = 'request' | 'withdraw' | 'begin' | 'consult' | 'complete' | 'ring' | 'take' | 'take back'

/** What a history knows about an incoming call. */
export interface KnownIncoming {
  id: string
  uniqueId: string
  stage: string
  answered: Moment[]
  hungUp: Moment[]
}

/** Counts how often each thing happened, over all histories: a history without events proves nothing. */
export class Tally {
  readonly counts = new Map<string, number>()

  add(what: string, times = 1): void {
    if (times > 0) this.counts.set(what, (this.counts.get(what) ?? 0) + times)
  }

  of(what: string): number {
    return this.counts.get(what) ?? 0
  }
}

/** One company, and reports in any order, repeated, late or lost. */
export interface History {
  db: Database
  random: Random
  tally: Tally
  company: Company
  /** A phone of another company. */
  stranger: { endpoint: string }
  calls: KnownCall[]
  incoming: KnownIncoming[]
  /** The wall clock, which may be set. */
  nowMs: number
  /** The steady clock, since the machine's boot number `boots`. */
  uptimeMs: number
  boots: number
  /** How often the machine restarts between two steps; at 100, only the wall clock spans a call. */
  restartPercent: number
  /** One line for each step so far. */
  performed: string[]
}

export function momentOf({ nowMs, uptimeMs, boots }: History, afterMs = 0): Moment {
  const boot = `6e3b1f1e-0000-4000-8000-${String(boots).padStart(12, '0')}`
  return { now: new Date(nowMs + afterMs), uptime: { boot, ms: uptimeMs + afterMs } }
}
