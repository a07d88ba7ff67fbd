import type { CrowdAgent } from '../flows/crowd.ts'
import { seededRandom } from '../flows/seeded-random.ts'
import { topUpSeconds, type ChaosCompany, type Companies } from './companies.ts'

type Lead = 'hangs up' | 'listens' | 'is busy' | 'never answers' | 'rejects'

/** The planned course of a call without faults. */
export interface PlannedCall {
  /** The other side's E.164 number, different for each call, so that it identifies the call in all evidence. */
  number: string
  way: 'dialled' | 'clicked' | 'incoming'
  company: ChaosCompany
  /** The agent who calls; null for an incoming call. */
  agent: CrowdAgent | null
  lead: Lead
  /** From the answer on; 0 for an unanswered call. */
  talkMs: number
  /** The agent transfers it to a colleague. */
  transferred: boolean
  /** What the company buys during the talk. */
  boughtSeconds: number
  /** An earlier call has used up the company's minutes. */
  outOfMinutes: boolean
}

export interface Plan {
  dialled: (PlannedCall & { agent: CrowdAgent })[]
  clicked: { afterMs: number; call: PlannedCall & { agent: CrowdAgent } }[]
  incoming: { afterMs: number; call: PlannedCall }[]
}

export const dialsPerSecond = 3

/** Small companies come in pairs: one runs out of minutes, the other buys more in time. */
export const smallCompaniesFor = (minutes: number): number => 2 * Math.min(20, Math.round(4 * minutes))

/** The same seed gives the same calls, in the same order. */
export function planCalls(seed: number, minutes: number, companies: Companies): Plan {
  const random = seededRandom(seed)
  const between = (least: number, most: number) => least + Math.floor(random() * (most - least + 1))
  const seconds = minutes * 60
  const base = { transferred: false, boughtSeconds: 0, outOfMinutes: false }
  const clickers = companies.plain.agents.slice(0, 6)
  const rosters = new Map([
    [companies.plain, new Roster(companies.plain.agents.slice(6))],
    [companies.recording, new Roster(companies.recording.agents)],
  ])
  const special = smallCalls(companies.small, seconds)
  const dialled = Array.from({ length: Math.round(seconds * dialsPerSecond) }, (_, n): PlannedCall & { agent: CrowdAgent } => {
    const at = n / dialsPerSecond
    const dueSpecial = special.findIndex((call) => call.at <= at)
    const [due] = dueSpecial === -1 ? [] : special.splice(dueSpecial, 1)
    if (due) return { ...base, ...due.call, number: numberOf('listens', 0, n), way: 'dialled', lead: 'listens' }
    const company = random() < 0.55 ? companies.plain : companies.recording
    const kind = pick(random)
    const talk = {
      short: between(1, 8),
      ringing: between(1, 6),
      passed: between(14, 24),
      long: between(20, Math.min(180, 20 + seconds / 2)),
    }
    const transferred = kind === 'passed' && company === companies.recording
    const talks = kind === 'long' || kind === 'passed' ? talk[kind] : kind === 'ringing' ? talk.ringing : talk.short
    const lead: Lead =
      kind === 'short' || kind === 'long'
        ? random() < 0.5 && talks < 100
          ? 'hangs up'
          : 'listens'
        : kind === 'ringing' || kind === 'passed'
          ? 'hangs up'
          : kind
    const agent = rosters.get(company)?.next(at, talks + 15)
    if (!agent) throw new Error('a plan needs agents')
    const talkMs = lead === 'hangs up' || lead === 'listens' ? talks * 1000 : 0
    return {
      ...base,
      company,
      agent,
      way: 'dialled',
      lead,
      talkMs,
      transferred,
      number: numberOf(kind === 'ringing' ? kind : lead, talks, n),
    }
  })
  const clicked: Plan['clicked'] = []
  for (let at = 1, n = 0; at < seconds; at += 1.5 + 1.5 * random(), n++) {
    const talks = between(3, 8)
    const agent = clickers[n % clickers.length]
    if (!agent) throw new Error('clicks need agents')
    const call = { ...base, company: companies.plain, agent, way: 'clicked', lead: 'hangs up', talkMs: talks * 1000 } as const
    clicked.push({ afterMs: at * 1000, call: { ...call, number: numberOf('hangs up', talks, 9000 + n) } })
  }
  const incoming: Plan['incoming'] = []
  for (let at = 2, n = 0; at < seconds; at += 3 + 3 * random(), n++) {
    const call = {
      ...base,
      company: companies.called,
      agent: null,
      way: 'incoming',
      lead: 'hangs up',
      talkMs: between(3, 12) * 1000,
    } as const
    incoming.push({ afterMs: at * 1000, call: { ...call, number: `+551196100${String(n).padStart(4, '0')}` } })
  }
  return { dialled, clicked, incoming }
}

/** One company of each pair talks until its minutes end, and calls again later; the other buys more in time. */
function smallCalls(small: readonly ChaosCompany[], seconds: number) {
  return small
    .flatMap((company, n) => {
      const [agent] = company.agents
      if (!agent) throw new Error('a company without an agent')
      const at = 3 + ((seconds - 40) * n) / small.length
      const call = { company, agent, transferred: false, talkMs: 60_000, boughtSeconds: 0, outOfMinutes: false }
      return n % 2 === 0
        ? [
            { at, call },
            { at: at + 38, call: { ...call, outOfMinutes: true } },
          ]
        : [{ at, call: { ...call, talkMs: 35_000, boughtSeconds: topUpSeconds } }]
    })
    .toSorted((a, b) => a.at - b.at)
}

/** Picks the agent who has been free for the longest time: an agent has one call at a time. */
class Roster {
  readonly #free: { agent: CrowdAgent; at: number }[]

  constructor(agents: readonly CrowdAgent[]) {
    this.#free = agents.map((agent) => ({ agent, at: 0 }))
  }

  next(at: number, busySeconds: number): CrowdAgent | undefined {
    const [first] = this.#free.sort((a, b) => a.at - b.at)
    if (first) first.at = Math.max(first.at, at) + busySeconds
    return first?.agent
  }
}

const shares = [
  ['short', 0.48],
  ['ringing', 0.1],
  ['long', 0.1],
  ['passed', 0.14],
  ['is busy', 0.06],
  ['never answers', 0.06],
  ['rejects', 0.06],
] as const

function pick(random: () => number): (typeof shares)[number][0] {
  let left = random()
  for (const [kind, share] of shares) {
    left -= share
    if (left < 0) return kind
  }
  return 'short'
}

/** Numbers of dev/carrier/etc/extensions.conf. */
function numberOf(lead: Lead | 'ringing', seconds: number, serial: number): string {
  const tail = String(serial).padStart(4, '0')
  const talks = String(seconds).padStart(2, '0')
  const ranges = { 'hangs up': `0${talks}`, ringing: `4${talks}`, listens: '000', 'is busy': '100', 'never answers': '200', rejects: '300' }
  return `+551197${ranges[lead]}${tail}`
}
