import { answerIncoming } from '../../calls/incoming/answer.ts'
import { endIncoming } from '../../calls/incoming/end.ts'
import { receiveCall, ringNext } from '../../calls/incoming/receive.ts'
import { settleUnreportedCall } from '../../calls/reconcile/unreported-calls.ts'
import { again, leg, moment, type Step } from './step.ts'
import type { History, Moment } from './history.ts'

/** A call from outside, as far as a history knows. */
export interface KnownIncoming {
  id: string
  uniqueId: string
  stage: string
  answered: Moment[]
  hungUp: Moment[]
}

/** Somebody calls the company. */
export function comesIn(history: History): Step {
  const { db, company, tally, random, incoming } = history
  const uniqueId = leg(history)
  const { at } = moment(history)
  const caller = random.pick([company.lead.e164, '+5511987654302', '', 'anonymous'])
  return {
    what: `${caller || 'somebody'} calls in`,
    done: async () => {
      const request = { dialled: company.number, caller, endpoint: 'carrier-a', channel: 'PJSIP/carrier-a-0000001a', uniqueId }
      const answer = await receiveCall(db, request, at)
      tally.add(`incoming: ${answer.verdict}`)
      if (answer.callId === '') return
      incoming.push({ id: answer.callId, uniqueId, stage: answer.verdict === 'ring' ? answer.stage : '', answered: [], hungUp: [] })
    },
  }
}

/** What becomes of such a call: somebody picks up, or nobody and the next are rung, or it is over. Two may pick up at once. */
export function incomingGoesOn(history: History): Step | null {
  const { db, random, company, tally, incoming } = history
  const call = random.percent(80) ? incoming.at(-1) : incoming.length > 0 ? random.pick(incoming) : undefined
  if (!call) return null
  const { at, uptime } = moment(history)
  const next = call.answered.length === 0 ? 'picked up' : 'hung up'
  const what = random.pick([next, next, next, 'picked up', 'rings on', 'hung up', 'found gone'] as const)
  const agents = random.percent(70) ? [random.pick(company.agents)] : company.agents
  const end = { callId: call.id, uniqueId: random.percent(90) ? call.uniqueId : leg(history), agentEnded: random.percent(50), cause: 16 }
  const dialStatus = random.pick(['ANSWER', 'CANCEL', 'NOANSWER', ''])
  const times = random.pick([1, 3])
  const pickedUp = random.percent(30)
  if (what === 'picked up') call.answered.push({ at, uptime })
  if (what === 'hung up' && end.uniqueId === call.uniqueId) call.hungUp.push({ at, uptime })
  const done = {
    'picked up': async () => {
      const answers = await Promise.all(agents.map(({ endpoint }) => answerIncoming(db, call.id, endpoint, at, undefined, uptime)))
      const theirs = answers.filter((answer) => answer.theirs).length
      if (theirs > 1) throw new Error(`${call.id} was given to ${theirs} agents`)
      tally.add(`incoming, picked up: ${theirs === 1 ? 'theirs' : 'not theirs'}`)
    },
    'rings on': async () => {
      const rung = await ringNext(db, call.id, call.stage, at, { pickedUp })
      call.stage = rung.verdict === 'ring' ? rung.stage : ''
      tally.add(`incoming, rings on: ${rung.verdict}`)
    },
    'hung up': () => again(times, () => endIncoming(db, { ...end, dialStatus }, at, uptime)),
    'found gone': () => again(2, () => settleUnreportedCall(db, call.id, at, uptime)),
  }
  return { what: `the incoming call ${call.id} is ${what}`, done: done[what] }
}
