import type { CrowdAgent, CrowdCall } from '../flows/crowd.ts'

/** How a call is meant to go when nothing is killed meanwhile. */
type Kind = 'the agent hangs up' | 'the lead hangs up' | 'busy' | 'never answered' | 'rejected'

const shares: [Kind, number][] = [
  ['the agent hangs up', 0.4],
  ['the lead hangs up', 0.3],
  ['busy', 0.1],
  ['never answered', 0.1],
  ['rejected', 0.1],
]

/** `count` calls of all kinds, each to a number of its own, the agents taking turns. */
export function planTraffic(random: () => number, agents: readonly CrowdAgent[], count: number): CrowdCall[] {
  return Array.from({ length: count }, (_, n) => {
    const agent = agents[n % agents.length]
    if (!agent) throw new Error('traffic needs agents')
    const seconds = 1 + Math.floor(random() * 8)
    const kind = pick(random)
    return { agent, number: numberFor(kind, seconds, n), talkMs: kind === 'the agent hangs up' ? seconds * 1000 : 40_000 }
  })
}

/** Numbers of dev/carrier/etc/extensions.conf. */
export function numberFor(kind: Kind, seconds: number, serial: number): string {
  const tail = String(serial).padStart(4, '0')
  if (kind === 'the agent hangs up') return `+551197000${tail}`
  if (kind === 'the lead hangs up') return `+5511970${String(seconds).padStart(2, '0')}${tail}`
  return { busy: '+551197100', 'never answered': '+551197200', rejected: '+551197300' }[kind] + tail
}

function pick(random: () => number): Kind {
  let left = random()
  for (const [kind, share] of shares) {
    left -= share
    if (left < 0) return kind
  }
  return 'the agent hangs up'
}
