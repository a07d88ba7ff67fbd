import {
  answerTransfer,
  beginTransfer,
  completeTransfer,
  consultedPhone,
  requestTransfer,
  ringNextPhone,
  withdrawTransfer,
  type TransferKind,
} from '../../calls/transfers/transfer-steps.ts'
import type { Random } from '../random.ts'
import type { SceneAgent } from '../scene.ts'
import { anyCall, moment, talks, type Step } from './step.ts'
import type { History, KnownCall } from './history.ts'

/** A call on its way from one agent to another, as far as a history knows. */
export interface Passing {
  from: SceneAgent
  to: SceneAgent
  kind: TransferKind
  /** What is still to happen, in this order. */
  stages: Stage[]
}

type Stage = 'request' | 'withdraw' | 'begin' | 'consult' | 'complete' | 'ring' | 'take' | 'take back'

/**
 * An agent passes a talk on to a colleague, by one or more of the stages that this takes; the next time the rest. Stages are
 * lost now and then, come twice, or are said by a phone that nobody rang.
 */
export function pass(history: History): Step | null {
  const { random, company, db, tally } = history
  const call = anyCall(history, talks)
  if (!call) return null
  const { at, uptime } = moment(history)
  if (!call.passing?.stages.length) call.passing = newPassing(history, call)
  const { from, to, kind, stages } = call.passing
  const steps = stages.splice(0, random.between(2, 7)).filter(() => random.percent(95))
  if (random.percent(10)) steps.push(...steps.slice(-1))
  const stranger = random.percent(5) ? random.pick(company.agents) : null
  const stage: Record<Stage, () => Promise<string>> = {
    request: async () => {
      const asked = await requestTransfer(db, company.tenantId, from.agentId, call.id, to.agentId, kind, at)
      return asked?.outcome === 'refused' ? asked.reason : (asked?.outcome ?? 'nothing to pass on')
    },
    withdraw: async () => withdrawTransfer(db, call.id).then(() => 'done'),
    begin: async () => {
      const { begun } = await beginTransfer(db, call.id, at, uptime)
      if (begun) call.moved = true
      return begun ? begun.kind : 'nothing to pass on'
    },
    consult: async () => ((await consultedPhone(db, call.id, (stranger ?? from).endpoint, at)).endpoint ? 'rings' : 'nobody'),
    complete: async () => ((await completeTransfer(db, company.tenantId, from.agentId, call.id, at)) ? 'done' : 'nothing to complete'),
    ring: async () => ((await ringNextPhone(db, call.id, at, uptime)).endpoint ? 'rings' : 'nobody'),
    take: () => take(stranger ?? to),
    'take back': () => take(stranger ?? from),
  }
  const take = async (agent: SceneAgent) => {
    const { taken } = await answerTransfer(db, call.id, agent.endpoint, at, uptime)
    if (taken) call.holder = agent
    return taken ? 'taken' : 'not theirs'
  }
  return {
    what: `${from.endpoint} passes ${call.id} to ${to.endpoint} (${kind}): ${steps.join(', ')}`,
    done: async () => {
      for (const step of steps) tally.add(`passed on, ${step}: ${await stage[step]()}`)
    },
  }
}

function newPassing({ random, company }: History, call: KnownCall): Passing {
  const from = random.percent(90) ? call.holder : random.pick(company.agents)
  const to = random.pick(company.agents.filter((agent) => agent !== from || random.percent(5)))
  const kind = random.percent(60) ? 'blind' : 'attended'
  return { from, to, kind, stages: courseOf(kind, random) }
}

function courseOf(kind: TransferKind, random: Random): Stage[] {
  if (random.percent(5)) return ['request', 'withdraw']
  const taken: Stage[] = random.percent(60)
    ? ['ring', 'take']
    : random.percent(60)
      ? ['ring', 'ring', 'take back']
      : ['ring', 'ring', 'ring']
  if (kind === 'blind') return ['request', 'begin', ...taken]
  return random.percent(70)
    ? ['request', 'begin', 'consult', 'take', 'complete', ...taken]
    : ['request', 'begin', 'consult', 'ring', 'take back']
}
