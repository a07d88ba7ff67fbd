import { changeRule, correctBalance, month, release, topUpBalance } from './balance-steps.ts'
import { comesIn, incomingGoesOn } from './incoming-steps.ts'
import { answer, authorize, click, dial, hangUp, renew, unreachable } from './outgoing-steps.ts'
import { fail, witness, worker } from './reconcile-steps.ts'
import type { History } from './state.ts'
import type { Step } from './step.ts'
import { transfer } from './transfer-steps.ts'

const choices: [weight: number, make: (history: History) => Step | null][] = [
  [14, click],
  [16, authorize],
  [12, dial],
  [18, answer],
  [12, renew],
  [13, hangUp],
  [12, transfer],
  [2, comesIn],
  [8, incomingGoesOn],
  [3, unreachable],
  [3, witness],
  [1, fail],
  [4, worker],
  [3, topUpBalance],
  [3, correctBalance],
  [3, month],
  [1, changeRule],
  [2, release],
]

const weights = choices.reduce((sum, [weight]) => sum + weight, 0)

/** Null if no call is in a state for the step that was drawn. */
export function anyStep(history: History): Step | null {
  let drawn = history.random.below(weights)
  const [, make] = choices.find(([weight]) => (drawn -= weight) < 0) ?? [0, click]
  return make(history)
}
