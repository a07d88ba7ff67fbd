import { failRequest, settleUnreportedCall, settleRecordedCall } from '../../calls/reconcile/unreported-calls.ts'
import { logsHangup, logsLeadLeg } from '../event-log.ts'
import { settleAsTheWorkerDoes } from './settle.ts'
import { momentOf, type History } from './state.ts'
import { again, anyCall, moment, ownLeg, talks, type Step } from './step.ts'

/** A call ends without a report; two workers read its end from its recording or from Asterisk's event log. */
export function witness(history: History): Step | null {
  const { db, tally, random } = history
  const call = anyCall(history, talks)
  if (!call) return null
  const { now: until } = moment(history)
  const seen = momentOf(history, random.below(20_000))
  const logged = call.witnessed.some(({ from }) => from !== null)
  const kind = random.pick(logged ? (['its recording'] as const) : (['its recording', 'the lead’s leg', 'the agent’s leg'] as const))
  const from = kind === 'the lead’s leg' ? (call.answered[0]?.now ?? until) : null
  const uniqueId = ownLeg(call)
  call.witnessed.push({ from, until })
  const settle = {
    'its recording': async () => settleRecordedCall(db, call.id, until, seen),
    'the lead’s leg': async () => settleUnreportedCall(db, call.id, seen),
    'the agent’s leg': async () => settleUnreportedCall(db, call.id, seen),
  }
  return {
    what: `two workers learn from ${kind} that ${call.id} has ended`,
    done: async () => {
      tally.add(`witness: ${kind}`)
      if (from) await logsLeadLeg(db, call.id, { answeredAt: from, endedAt: until })
      else if (kind === 'the agent’s leg' && uniqueId !== null) await logsHangup(db, uniqueId, until)
      await again(2, settle[kind])
    },
  }
}

export function fail(history: History): Step | null {
  const call = anyCall(history)
  if (!call) return null
  const { now } = moment(history)
  return { what: `the click ${call.id} fails`, done: () => failRequest(history.db, call.id, now) }
}

export function worker(history: History): Step {
  const at = moment(history)
  const workers = history.random.between(1, 2)
  return {
    what: `${workers} worker(s) settle calls without a report`,
    done: () => again(workers, () => settleAsTheWorkerDoes(history, at)),
  }
}
