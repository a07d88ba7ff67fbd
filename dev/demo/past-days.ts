import { newCallId } from '../../domain/telephony/call-id.ts'
import type { Outcome } from '../../domain/telephony/hangup-causes.ts'
import { seededRandom } from '../flows/seeded-random.ts'
import type { DemoLead } from './leads.ts'

export interface PastCall {
  id: string
  agentId: number | null
  lead: DemoLead
  incoming: boolean
  outcome: Outcome
  hungUpBy: 'agent' | 'lead' | null
  requestedAt: Date
  answeredAt: Date | null
  endedAt: Date
  talkSeconds: number
}

const endings: [Outcome, number][] = [
  ['answered', 0.36],
  ['no-answer', 0.29],
  ['busy', 0.12],
  ['cancelled', 0.08],
  ['rejected', 0.07],
  ['unknown-number', 0.04],
  ['carrier-failure', 0.03],
  ['agent-unreachable', 0.01],
]
/** The one of the cast whose number does not exist (dev/carrier). */
const unknownLead = 'Eduardo Reis'
const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

/**
 * The calls of the working days from `from` to `to`, oldest first: each agent calls from 9 to 18 in São Paulo (UTC-3), one call after the
 * other, and callers come in between. The same seed gives the same calls.
 */
export function pastDays(from: Date, to: Date, agentIds: readonly number[], leads: readonly DemoLead[]): PastCall[] {
  const random = seededRandom(20261130)
  const calls: PastCall[] = []
  for (let day = new Date(from.getTime() - (from.getTime() % dayMs)); day < to; day = new Date(day.getTime() + dayMs)) {
    if (day.getUTCDay() === 0 || day.getUTCDay() === 6) continue
    const opensAt = Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate(), 12)
    for (const [n, agentId] of agentIds.entries()) {
      let at = opensAt + random() * 20 * minuteMs
      while (at < opensAt + 9 * 60 * minuteMs) {
        const isLunch = at > opensAt + (180 + n * 30) * minuteMs && at < opensAt + (240 + n * 30) * minuteMs
        const incoming = random() < 0.12
        const call = oneCall(at, incoming && random() < 0.25 ? null : agentId, incoming, random, leads)
        if (!isLunch && call.endedAt < to) calls.push(call)
        at = call.endedAt.getTime() + (4 + n + random() * 22) * minuteMs
      }
    }
  }
  return calls.toSorted((a, b) => a.requestedAt.getTime() - b.requestedAt.getTime())
}

function oneCall(at: number, agentId: number | null, incoming: boolean, random: () => number, leads: readonly DemoLead[]): PastCall {
  const outcome = incoming ? (agentId === null ? 'missed' : 'answered') : pick(random())
  const drawn = leads[Math.floor(random() * leads.length)]
  const lead = outcome === 'unknown-number' ? leads.find(({ name }) => name === unknownLead) : drawn
  if (!lead) throw new Error('a history needs leads')
  const rangMs = (3 + random() * (outcome === 'no-answer' ? 17 : 9)) * 1000
  // Most talks are short, a few are long.
  const talkSeconds = outcome === 'answered' ? Math.ceil(9 - 95 * Math.log(1 - random() * 0.995)) : 0
  return {
    id: newCallId(),
    agentId,
    lead,
    incoming,
    outcome,
    hungUpBy: talkSeconds === 0 ? null : random() < 0.55 ? 'agent' : 'lead',
    requestedAt: new Date(at),
    answeredAt: talkSeconds === 0 ? null : new Date(at + rangMs),
    endedAt: new Date(at + rangMs + talkSeconds * 1000),
    talkSeconds,
  }
}

function pick(random: number): Outcome {
  let left = random
  for (const [outcome, share] of endings) if ((left -= share) < 0) return outcome
  return 'no-answer'
}
