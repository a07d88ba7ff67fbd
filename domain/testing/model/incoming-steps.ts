import { answerIncoming } from '../../calls/incoming/answer.ts'
import { endIncoming } from '../../calls/incoming/end.ts'
import { receiveCall, ringNext } from '../../calls/incoming/receive.ts'
import { settleUnreportedCall } from '../../calls/reconcile/unreported-calls.ts'
import { again, leg, moment, type Step } from './step.ts'
import type { History } from './state.ts'

/** A caller calls the company. */
export function comesIn(history: History): Step {
  const { db, company, tally, random, incoming } = history
  const uniqueId = leg(history)
  const { now } = moment(history)
  const caller = random.pick([company.lead.e164, '+5511987654302', '', 'anonymous'])
  return {
    what: `${caller || 'a hidden number'} calls in`,
    done: async () => {
      const request = { dialled: company.number, caller, endpoint: 'carrier-a', channel: 'PJSIP/carrier-a-0000001a', uniqueId }
      const answer = await receiveCall(db, request, now)
      tally.add(`incoming: ${answer.verdict}`)
      if (answer.callId === '') return
      incoming.push({ id: answer.callId, uniqueId, stage: answer.verdict === 'ring' ? answer.stage : '', answered: [], hungUp: [] })
    },
  }
}

/** An agent answers, or the next phones ring, or the call ends. Two agents may answer at once. */
export function incomingGoesOn(history: History): Step | null {
  const { db, random, company, tally, incoming } = history
  const call = random.percent(80) ? incoming.at(-1) : incoming.length > 0 ? random.pick(incoming) : undefined
  if (!call) return null
  const at = moment(history)
  const next = call.answered.length === 0 ? 'picked up' : 'hung up'
  const what = random.pick([next, next, next, 'picked up', 'rings on', 'hung up', 'found gone'] as const)
  const agents = random.percent(70) ? [random.pick(company.agents)] : company.agents
  const end = { callId: call.id, uniqueId: random.percent(90) ? call.uniqueId : leg(history), agentEnded: random.percent(50), cause: 16 }
  const dialStatus = random.pick(['ANSWER', 'CANCEL', 'NOANSWER', ''])
  const times = random.pick([1, 3])
  const pickedUp = random.percent(30)
  if (what === 'picked up') call.answered.push(at)
  if (what === 'hung up' && end.uniqueId === call.uniqueId) call.hungUp.push(at)
  const done = {
    'picked up': async () => {
      const answers = await Promise.all(agents.map(({ endpoint }) => answerIncoming(db, call.id, endpoint, at)))
      const theirs = answers.filter((answer) => answer.theirs).length
      if (theirs > 1) throw new Error(`${call.id} was given to ${theirs} agents`)
      tally.add(`incoming, picked up: ${theirs === 1 ? 'theirs' : 'not theirs'}`)
    },
    'rings on': async () => {
      const rung = await ringNext(db, call.id, call.stage, at.now, { pickedUp })
      call.stage = rung.verdict === 'ring' ? rung.stage : ''
      tally.add(`incoming, rings on: ${rung.verdict}`)
    },
    'hung up': () => again(times, () => endIncoming(db, { ...end, dialStatus }, at)),
    'found gone': () => again(2, () => settleUnreportedCall(db, call.id, at)),
  }
  return { what: `the incoming call ${call.id} is ${what}`, done: done[what] }
}
