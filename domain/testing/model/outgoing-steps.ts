import { markUnreachable } from '../../calls/outgoing/agent-unreachable.ts'
import { markAnswered } from '../../calls/outgoing/answer.ts'
import { authorizeCall, type Authorization } from '../../calls/outgoing/authorize.ts'
import { endCall } from '../../calls/end.ts'
import { renewLease } from '../../calls/outgoing/renew-lease.ts'
import { requestCall } from '../../calls/outgoing/request.ts'
import type { History, KnownCall } from './state.ts'
import { again, anyCall, leg, moment, ownLeg, rings, talks, type Step } from './step.ts'

export function click(history: History): Step {
  const { db, company, tally, random } = history
  const agent = random.pick(company.agents)
  const { now } = moment(history)
  return {
    what: `${agent.endpoint} clicks`,
    done: async () => {
      const click = await requestCall(db, company.tenantId, agent.agentId, company.lead, now)
      tally.add(`click: ${click.outcome === 'refused' ? click.reason : 'requested'}`)
      if (click.outcome === 'requested') history.calls.push(newCall(click.callId, agent, { asked: false }))
    },
  }
}

/** Asks once, or several times at once as when Asterisk reads a call file twice; sometimes another phone asks. */
export function authorize(history: History): Step | null {
  const { db, company, tally, random, stranger } = history
  const call = anyCall(history, ({ asked }) => !asked)
  if (!call) return null
  const at = moment(history)
  const asks = Array.from({ length: random.pick([1, 1, 1, 2, 3]) }, () => ({
    uniqueId: leg(history),
    by: random.percent(90) ? call.agent : random.pick([stranger, ...company.agents.filter((agent) => agent !== call.agent)]),
  }))
  call.asked = true
  return {
    what: `${asks.map(({ by }) => by.endpoint).join(' and ')} ask for ${call.id}`,
    done: async () => {
      if (asks.length > 1) tally.add('authorize: the same id at once')
      await Promise.all(
        asks.map(async ({ uniqueId, by }) => {
          const request = { callId: call.id, dialled: '', endpoint: by.endpoint, channel: `PJSIP/${by.endpoint}-1`, uniqueId }
          const answer = await authorizeCall(db, request, at)
          tally.add(`authorize: ${answer.verdict}`)
          if (by !== call.agent && answer.verdict !== 'not-yours') throw new Error(`${by.endpoint} was answered ${answer.verdict}`)
          allowed(call, answer, uniqueId)
        }),
      )
    },
  }
}

export function dial(history: History): Step {
  const { db, company, tally, random } = history
  const agent = random.pick(company.agents)
  const dialled = random.percent(70) ? '11987654302' : random.pick(['11987654301', '1133334309', '08001234567', '190', '0900123456', '123'])
  const uniqueId = leg(history)
  const at = moment(history)
  return {
    what: `${agent.endpoint} dials ${dialled}`,
    done: async () => {
      const request = { callId: '', dialled, endpoint: agent.endpoint, channel: `PJSIP/${agent.endpoint}-1`, uniqueId }
      const answer = await authorizeCall(db, request, at)
      tally.add(`authorize: ${answer.verdict}`)
      if (answer.callId === '') return
      const call = newCall(answer.callId, agent, { asked: true })
      allowed(call, answer, uniqueId)
      history.calls.push(call)
    },
  }
}

export function answer(history: History): Step | null {
  const { db, random } = history
  const call = anyCall(history, rings)
  if (!call) return null
  const at = moment(history)
  const times = random.percent(90) ? 1 : 3
  call.leadLeg ??= leg(history)
  const leadLeg = { channel: 'PJSIP/carrier-a-0000001b', uniqueId: call.leadLeg }
  call.answered.push(at)
  return {
    what: `${call.id} is answered${times === 1 ? '' : ', reported three times'}`,
    done: () =>
      again(times, async () => {
        const { metered } = await markAnswered(db, call.id, 'carrier-a', at, { leadLeg })
        if (metered) call.metered = true
      }),
  }
}

export function renew(history: History): Step | null {
  const { db, tally } = history
  const call = anyCall(history, talks)
  if (!call) return null
  const at = moment(history)
  const tick = { ...at, heard: false }
  call.renewed.push(tick)
  return {
    what: `a tick of ${call.id}`,
    done: async () => {
      const { metered } = call
      const { endsInSeconds } = await renewLease(db, call.id, at)
      if (metered && endsInSeconds !== 0) tick.heard = true
      tally.add(`renewal: ${endsInSeconds === null ? 'renewed' : endsInSeconds > 0 ? 'ending' : 'over'}`)
    },
  }
}

/** Reported by the call's own leg, by the agent's leg after a transfer, or by another leg with the same call id; once, or three times at once. */
export function hangUp(history: History): Step | null {
  const { db, tally, random } = history
  const call = anyCall(history, talks)
  if (!call) return null
  const at = moment(history)
  const from = random.below(100)
  const kind = from < (call.moved ? 50 : 70) ? 'its own leg' : from < 85 ? 'the agent’s leg' : 'another leg'
  const uniqueId = (kind === 'its own leg' ? ownLeg(call) : kind === 'the agent’s leg' ? call.uniqueId : null) ?? leg(history)
  const times = random.percent(75) ? 1 : 3
  const dialStatus = random.pick(['ANSWER', 'BUSY', 'NOANSWER', 'CANCEL', 'CONGESTION', ''])
  const leadEnded = random.percent(50)
  call.hungUp.push({ ...at, uniqueId })
  return {
    what: `${call.id} is hung up by leg ${uniqueId}${times === 1 ? '' : ', reported three times'}`,
    done: async () => {
      tally.add(`hang-up: ${kind}${call.moved ? ', transferred' : ''}`)
      if (times > 1) tally.add('hang-up: reported three times at once')
      const end = { callId: call.id, uniqueId, dialStatus, sipCode: 0, q850: 16, leadEnded, agentCause: 16 }
      await again(times, () => endCall(db, end, at))
    },
  }
}

export function unreachable(history: History): Step | null {
  const { db, random } = history
  const call = anyCall(history)
  if (!call) return null
  const { now } = moment(history)
  const dialStatus = random.pick(['NOANSWER', 'BUSY', 'CHANUNAVAIL'])
  return {
    what: `the phone of ${call.id} does not answer`,
    done: async () => void (await markUnreachable(db, call.id, { dialStatus, cause: 0 }, now)),
  }
}

function newCall(id: string, agent: KnownCall['agent'], { asked }: { asked: boolean }): KnownCall {
  return {
    id,
    agent,
    asked,
    uniqueId: null,
    leadLeg: null,
    holder: agent,
    moved: false,
    transfer: null,
    answered: [],
    metered: false,
    renewed: [],
    witnessed: [],
    hungUp: [],
  }
}

function allowed(call: KnownCall, answer: Authorization, uniqueId: string): void {
  if (answer.verdict !== 'allowed') return
  if (call.uniqueId !== null) throw new Error(`${call.id} was allowed twice`)
  call.uniqueId = uniqueId
}
