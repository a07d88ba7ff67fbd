import type { Database } from '../../database/pool.ts'
import { Random } from '../random.ts'
import { anyCompany } from './company.ts'
import { liveHistory } from './history.ts'
import { Tally } from './state.ts'

/** What must happen at least once in each run; otherwise it proves nothing. */
export const mustHappen = [
  'click: requested',
  'click: already-on-a-call',
  'click: no-balance',
  'click: too-many-calls',
  'click: too-fast',
  'click: daily-limit',
  'click: outbound-paused',
  'authorize: allowed',
  'authorize: already-used',
  'authorize: not-yours',
  'authorize: no-balance',
  'authorize: too-many-calls',
  'authorize: daily-limit',
  'authorize: destination-blocked',
  'authorize: the same id at once',
  'renewal: renewed',
  'renewal: ending',
  'renewal: over',
  'hang-up: its own leg',
  'hang-up: another leg',
  'hang-up: reported three times at once',
  'hang-up: its own leg, transferred',
  'hang-up: the agent’s leg, transferred',
  'transfer, request: colleague-busy',
  'transfer, begin: blind',
  'transfer, begin: attended',
  'transfer, complete: done',
  'transfer, take: taken',
  'transfer, take back: taken',
  'incoming: ring',
  'incoming, picked up: theirs',
  'incoming, picked up: not theirs',
  'witness: its recording',
  'witness: the lead’s leg',
  'witness: the agent’s leg',
  'jumps of the wall clock',
  'restarts of the machine',
  'ended: ended after talk',
  'ended: ended, never answered',
  'ended: lost after talk',
  'ended: lost, never answered',
  'ended: refused, never answered',
  'ended: unreachable, never answered',
  'ended: by another agent than began it',
  'incoming, ended: answered',
  'incoming, ended: missed',
  'incoming, lost: answered',
  'incoming, lost: missed',
  'charged: by the block rule',
  'charged: the lease, the talk was longer',
  'charged: nothing',
  'charged: nothing, 0800 and emergency',
  'ended by the worker: the lease ran out',
  'months granted',
  'months taken back',
  'top-ups',
  'corrections',
  'corrections refused',
  'changes of the block rule',
  'pauses released',
  'several steps at once',
]

/**
 * Runs `histories` histories, `abreast` at a time, from `seed`, `seed` + 1 and so on. Stops at the first that fails, and rejects with
 * its seed and its steps.
 */
export async function liveHistories(
  db: Database,
  { histories, seed, abreast = 8, onProgress }: { histories: number; seed: number; abreast?: number; onProgress?: (lived: number) => void },
): Promise<Tally> {
  const tally = new Tally()
  const { agents } = await anyCompany(db, new Random(0), new Date(0))
  const stranger = agents[0] ?? { endpoint: '' }
  let begun = 0
  let lived = 0
  let failed = false
  const lane = async () => {
    while (begun < histories && !failed) {
      await liveHistory(db, seed + begun++, tally, stranger).catch((error: unknown) => {
        failed = true
        throw error
      })
      onProgress?.(++lived)
    }
  }
  await Promise.all(Array.from({ length: abreast }, lane))
  return tally
}
