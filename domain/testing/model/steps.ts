import { correct, topUp } from '../../balance/ledger.ts'
import { markAnswered } from '../../calls/outgoing/answer.ts'
import { authorizeCall, type Authorization } from '../../calls/outgoing/authorize.ts'
import { endCall } from '../../calls/end.ts'
import { failRequest, settleUnreportedCall, settleWitnessedCall } from '../../calls/reconcile/unreported-calls.ts'
import { renewLease } from '../../calls/outgoing/renew-lease.ts'
import { requestCall } from '../../calls/outgoing/request.ts'
import { markUnreachable } from '../../calls/outgoing/agent-unreachable.ts'
import { inTransaction } from '../../database/transaction.ts'
import { startMonth } from '../../balance/monthly-allowance.ts'
import { releaseOutbound } from '../../policy/spend-alarm.ts'
import { lockTenant } from '../../tenants/tenants.ts'
import { anyRule } from './company.ts'
import { logsHangup, logsLeadLeg } from '../event-log.ts'
import { again, anyCall, leg, moment, ownLeg, rings, talks, type Step } from './step.ts'
import { momentOf, type History, type KnownCall } from './history.ts'
import { comesIn, incomingGoesOn } from './incoming-steps.ts'
import { pass } from './transfer-steps.ts'
import { settleAsTheWorkerDoes } from './settle.ts'

const deeds: [weight: number, make: (history: History) => Step | null][] = [
  [14, click],
  [16, authorize],
  [12, dial],
  [18, answer],
  [12, renew],
  [13, hangUp],
  [12, pass],
  [2, comesIn],
  [8, incomingGoesOn],
  [3, unreachable],
  [3, witness],
  [1, fail],
  [4, worker],
  [3, buy],
  [3, putRight],
  [3, month],
  [1, changeRule],
  [2, release],
]
const weights = deeds.reduce((sum, [weight]) => sum + weight, 0)

/** Null when what was drawn has nobody to happen to yet. */
export function anyStep(history: History): Step | null {
  let drawn = history.random.below(weights)
  const [, make] = deeds.find(([weight]) => (drawn -= weight) < 0) ?? [0, click]
  return make(history)
}

function click(history: History): Step {
  const { db, company, tally, random } = history
  const agent = random.pick(company.agents)
  const { at } = moment(history)
  return {
    what: `${agent.endpoint} clicks`,
    done: async () => {
      const click = await requestCall(db, company.tenantId, agent.agentId, company.lead, at)
      tally.add(`click: ${click.outcome === 'refused' ? click.reason : 'requested'}`)
      if (click.outcome === 'requested') history.calls.push(newCall(click.callId, agent, { asked: false }))
    },
  }
}

/** Asked once, or several times at once as when a call file is read twice; now and then by somebody else's phone. */
function authorize(history: History): Step | null {
  const { db, company, tally, random, stranger } = history
  const call = anyCall(history, ({ asked }) => !asked)
  if (!call) return null
  const { at, uptime } = moment(history)
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
          const answer = await authorizeCall(db, request, at, undefined, uptime)
          tally.add(`authorize: ${answer.verdict}`)
          if (by !== call.agent && answer.verdict !== 'not-yours') throw new Error(`${by.endpoint} was answered ${answer.verdict}`)
          allowed(call, answer, uniqueId)
        }),
      )
    },
  }
}

function dial(history: History): Step {
  const { db, company, tally, random } = history
  const agent = random.pick(company.agents)
  const dialled = random.percent(70) ? '11987654302' : random.pick(['11987654301', '1133334309', '08001234567', '190', '0900123456', '123'])
  const uniqueId = leg(history)
  const { at, uptime } = moment(history)
  return {
    what: `${agent.endpoint} dials ${dialled}`,
    done: async () => {
      const request = { callId: '', dialled, endpoint: agent.endpoint, channel: `PJSIP/${agent.endpoint}-1`, uniqueId }
      const answer = await authorizeCall(db, request, at, undefined, uptime)
      tally.add(`authorize: ${answer.verdict}`)
      if (answer.callId === '') return
      const call = newCall(answer.callId, agent, { asked: true })
      allowed(call, answer, uniqueId)
      history.calls.push(call)
    },
  }
}

function answer(history: History): Step | null {
  const { db, random } = history
  const call = anyCall(history, rings)
  if (!call) return null
  const { at, uptime } = moment(history)
  const times = random.percent(90) ? 1 : 3
  call.leadLeg ??= leg(history)
  const leadLeg = { channel: 'PJSIP/carrier-a-0000001b', uniqueId: call.leadLeg }
  call.answered.push({ at, uptime })
  return {
    what: `${call.id} is answered${times === 1 ? '' : ', said three times'}`,
    done: () =>
      again(times, async () => {
        const { metered } = await markAnswered(db, call.id, 'carrier-a', at, undefined, uptime, leadLeg)
        if (metered) call.metered = true
      }),
  }
}

function renew(history: History): Step | null {
  const { db, tally } = history
  const call = anyCall(history, talks)
  if (!call) return null
  const { at, uptime } = moment(history)
  const tick = { at, uptime, heard: false }
  call.renewed.push(tick)
  return {
    what: `a tick of ${call.id}`,
    done: async () => {
      const { metered } = call
      const { endsInSeconds } = await renewLease(db, call.id, at, uptime)
      if (metered && endsInSeconds !== 0) tick.heard = true
      tally.add(`renewal: ${endsInSeconds === null ? 'renewed' : endsInSeconds > 0 ? 'ending' : 'over'}`)
    },
  }
}

/** From its own leg, from the agent's of a call that was passed on, or from another that had the same id; once or three times at once. */
function hangUp(history: History): Step | null {
  const { db, tally, random } = history
  const call = anyCall(history, talks)
  if (!call) return null
  const { at, uptime } = moment(history)
  const from = random.below(100)
  const kind = from < (call.moved ? 50 : 70) ? 'its own leg' : from < 85 ? 'the agent’s leg' : 'another leg'
  const uniqueId = (kind === 'its own leg' ? ownLeg(call) : kind === 'the agent’s leg' ? call.uniqueId : null) ?? leg(history)
  const times = random.percent(75) ? 1 : 3
  const dialStatus = random.pick(['ANSWER', 'BUSY', 'NOANSWER', 'CANCEL', 'CONGESTION', ''])
  const leadEnded = random.percent(50)
  call.hungUp.push({ at, uptime, uniqueId })
  return {
    what: `${call.id} is hung up by leg ${uniqueId}${times === 1 ? '' : ', said three times'}`,
    done: async () => {
      tally.add(`hang-up: ${kind}${call.moved ? ', passed on' : ''}`)
      if (times > 1) tally.add('hang-up: said three times at once')
      const end = { callId: call.id, uniqueId, dialStatus, sipCode: 0, q850: 16, leadEnded, agentCause: 16 }
      await again(times, () => endCall(db, end, at, uptime))
    },
  }
}

function unreachable(history: History): Step | null {
  const { db, random } = history
  const call = anyCall(history)
  if (!call) return null
  const { at } = moment(history)
  const dialStatus = random.pick(['NOANSWER', 'BUSY', 'CHANUNAVAIL'])
  return {
    what: `the phone of ${call.id} does not answer`,
    done: async () => void (await markUnreachable(db, call.id, { dialStatus, cause: 0 }, at)),
  }
}

/** The end of a call that nobody reported, told by its recording or by Asterisk's event log; two workers see it. */
function witness(history: History): Step | null {
  const { db, tally, random } = history
  const call = anyCall(history, talks)
  if (!call) return null
  const { at: until } = moment(history)
  const seen = momentOf(history, random.below(20_000))
  const logged = call.witnessed.some(({ from }) => from !== null)
  const kind = random.pick(logged ? (['its recording'] as const) : (['its recording', 'the lead’s leg', 'the agent’s leg'] as const))
  const from = kind === 'the lead’s leg' ? (call.answered[0]?.at ?? until) : null
  const uniqueId = ownLeg(call)
  call.witnessed.push({ from, until })
  const settle = {
    'its recording': async () => settleWitnessedCall(db, call.id, until, seen.at, seen.uptime),
    'the lead’s leg': async () => settleUnreportedCall(db, call.id, seen.at, seen.uptime),
    'the agent’s leg': async () => settleUnreportedCall(db, call.id, seen.at, seen.uptime),
  }
  return {
    what: `${kind} tells two workers that ${call.id} has ended`,
    done: async () => {
      tally.add(`witness: ${kind}`)
      if (from) await logsLeadLeg(db, call.id, { answeredAt: from, endedAt: until })
      else if (kind === 'the agent’s leg' && uniqueId !== null) await logsHangup(db, uniqueId, until)
      await again(2, settle[kind])
    },
  }
}

function fail(history: History): Step | null {
  const call = anyCall(history)
  if (!call) return null
  const { at } = moment(history)
  return { what: `the click ${call.id} comes to nothing`, done: () => failRequest(history.db, call.id, at) }
}

function worker(history: History): Step {
  const { at, uptime } = moment(history)
  const workers = history.random.between(1, 2)
  return {
    what: `${workers} worker(s) look for calls that nobody reported`,
    done: () => again(workers, () => settleAsTheWorkerDoes(history, { at, uptime })),
  }
}

function buy(history: History): Step {
  const { db, company, tally, random } = history
  const seconds = random.between(1, 600)
  const { at } = moment(history)
  return {
    what: `${seconds} s are bought`,
    done: async () => {
      tally.add('top-ups')
      await inTransaction(db, async (trx) => {
        await lockTenant(trx, company.tenantId)
        await topUp(trx, company.tenantId, seconds, { reason: 'paid', author: 'history' }, at)
      })
    },
  }
}

function putRight(history: History): Step {
  const { db, company, tally, random } = history
  const seconds = random.between(1, 400) * random.pick([1, -1, -1])
  const { at } = moment(history)
  return {
    what: `a correction of ${seconds} s`,
    done: async () => {
      const corrected = await inTransaction(db, async (trx) => {
        await lockTenant(trx, company.tenantId)
        return correct(trx, company.tenantId, seconds, { reason: 'mistake', author: 'history' }, at)
      })
      tally.add(corrected ? 'corrections' : 'corrections refused')
    },
  }
}

function month(history: History): Step {
  const { db, company } = history
  const { at } = moment(history)
  return { what: 'two workers turn the month', done: () => again(2, () => startMonth(db, company.tenantId, at)) }
}

/** Calls that have begun keep the rule they began with. */
function changeRule(history: History): Step {
  const { db, company, tally, random } = history
  const rule = anyRule(random)
  return {
    what: `the rule becomes ${rule.first_block_seconds}+${rule.next_block_seconds}, ${rule.free_seconds} s free`,
    done: async () => {
      tally.add('changes of the block rule')
      await db.updateTable('tenants').set(rule).where('id', '=', company.tenantId).execute()
    },
  }
}

function release(history: History): Step {
  const { db, company, tally } = history
  const { at } = moment(history)
  return {
    what: 'a pause is released',
    done: async () => {
      if (await inTransaction(db, (trx) => releaseOutbound(trx, company.tenantId, 'history', at))) tally.add('pauses released')
    },
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
    passing: null,
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
