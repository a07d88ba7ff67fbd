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
import type { History, KnownCall, KnownTransfer, TransferStage } from './state.ts'

/**
 * An agent transfers a call to a colleague: this step runs some stages, a later one the rest. A stage may be lost, run twice,
 * or come from a phone that did not ring.
 */
export function transfer(history: History): Step | null {
  const { random, company, db, tally } = history
  const call = anyCall(history, talks)
  if (!call) return null
  const at = moment(history)
  if (!call.transfer?.stages.length) call.transfer = newTransfer(history, call)
  const { from, to, kind, stages } = call.transfer
  const steps = stages.splice(0, random.between(2, 7)).filter(() => random.percent(95))
  if (random.percent(10)) steps.push(...steps.slice(-1))
  const stranger = random.percent(5) ? random.pick(company.agents) : null
  const stage: Record<TransferStage, () => Promise<string>> = {
    request: async () => {
      const asked = await requestTransfer(db, company.tenantId, from.agentId, call.id, to.agentId, kind, at.now)
      return asked?.outcome === 'refused' ? asked.reason : (asked?.outcome ?? 'nothing to pass on')
    },
    withdraw: async () => withdrawTransfer(db, call.id).then(() => 'done'),
    begin: async () => {
      const { begun } = await beginTransfer(db, call.id, at)
      if (begun) call.moved = true
      return begun ? begun.kind : 'nothing to pass on'
    },
    consult: async () => ((await consultedPhone(db, call.id, (stranger ?? from).endpoint, at.now)).endpoint ? 'rings' : 'rings no phone'),
    complete: async () => ((await completeTransfer(db, company.tenantId, from.agentId, call.id, at.now)) ? 'done' : 'nothing to complete'),
    ring: async () => ((await ringNextPhone(db, call.id, at)).endpoint ? 'rings' : 'rings no phone'),
    take: () => take(stranger ?? to),
    'take back': () => take(stranger ?? from),
  }
  const take = async (agent: SceneAgent) => {
    const { taken } = await answerTransfer(db, call.id, agent.endpoint, at)
    if (taken) call.holder = agent
    return taken ? 'taken' : 'not taken'
  }
  return {
    what: `${from.endpoint} transfers ${call.id} to ${to.endpoint} (${kind}): ${steps.join(', ')}`,
    done: async () => {
      for (const step of steps) tally.add(`transfer, ${step}: ${await stage[step]()}`)
    },
  }
}

function newTransfer({ random, company }: History, call: KnownCall): KnownTransfer {
  const from = random.percent(90) ? call.holder : random.pick(company.agents)
  const to = random.pick(company.agents.filter((agent) => agent !== from || random.percent(5)))
  const kind = random.percent(60) ? 'blind' : 'attended'
  return { from, to, kind, stages: stagesOf(kind, random) }
}

function stagesOf(kind: TransferKind, random: Random): TransferStage[] {
  if (random.percent(5)) return ['request', 'withdraw']
  const taken: TransferStage[] = random.percent(60)
    ? ['ring', 'take']
    : random.percent(60)
      ? ['ring', 'ring', 'take back']
      : ['ring', 'ring', 'ring']
  if (kind === 'blind') return ['request', 'begin', ...taken]
  return random.percent(70)
    ? ['request', 'begin', 'consult', 'take', 'complete', ...taken]
    : ['request', 'begin', 'consult', 'ring', 'take back']
}
