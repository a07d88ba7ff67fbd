import type { Witnessed } from './evidence.ts'
import type { ChaosRun } from './run.ts'

/** One fault breaks the same promise of many calls. */
const shownAtMost = 10

/** What a run was like, as lines for a person. */
export function report({ seed, faults, clicks, looks, settledMs, evidence, broken }: ChaosRun): string[] {
  const { calls } = evidence
  const count = (title: string, values: (string | null)[]) => {
    const groups = Map.groupBy(values, (value) => value ?? 'none')
    const sorted = [...groups].map(([name, members]) => [name, members.length] as const).toSorted((a, b) => b[1] - a[1])
    return `${title.padEnd(12)} ${sorted.map(([name, members]) => `${name} ${members}`).join(', ')}`
  }
  const refused = calls.filter(({ call }) => call.state === 'refused')
  const answered = calls.filter(({ call }) => call.answered_at !== null)
  const reported = answered.filter(({ call }) => call.state === 'ended')
  const lost = answered.filter(({ call }) => call.state === 'lost')
  const slowest = Math.max(0, ...calls.map(settlingMs))
  return [
    `seed         ${seed}`,
    `calls        ${calls.length}, ${clicks} of them by a click; ${answered.length} were answered`,
    count(
      'faults',
      faults.map(({ victim }) => victim),
    ),
    count(
      'states',
      calls.map(({ call }) => call.state),
    ),
    count(
      'outcomes',
      calls.map(({ call }) => call.outcome),
    ),
    count(
      'refused',
      refused.map(({ call }) => call.verdict),
    ),
    comparison('reported', reported),
    comparison(
      'lost, up',
      lost.filter(({ cutByKill }) => !cutByKill),
    ),
    comparison(
      'lost, killed',
      lost.filter(({ cutByKill }) => cutByKill),
    ),
    `settling     ${(slowest / 1000).toFixed(1)} s at most after the end of a call; ${(settledMs / 1000).toFixed(1)} s after the last fault all was settled`,
    `books        looked at ${looks} times while calls went on`,
    ...broken.slice(0, shownAtMost).map((promise) => `BROKEN       ${promise}`),
    broken.length === 0 ? 'every promise was kept' : `${broken.length} promises were broken`,
  ]
}

/** Talk by our clock and by the carrier's. Calls whose Asterisk was killed are talk until the kill. */
function comparison(title: string, calls: Witnessed[]): string {
  const sum = (of: (witnessed: Witnessed) => number) => calls.reduce((total, witnessed) => total + of(witnessed), 0)
  const apart = calls.map(({ call, carrierMs }) => call.talk_seconds - carrierMs / 1000)
  const range = apart.length === 0 ? '' : `; a call is ${Math.min(...apart).toFixed(1)} to ${Math.max(...apart).toFixed(1)} s off`
  return (
    `${title.padEnd(12)} ${calls.length} talks: ${sum(({ call }) => call.talk_seconds)} s for us, ` +
    `${(sum(({ carrierMs }) => carrierMs) / 1000).toFixed(0)} s for the carrier, ${sum(({ call }) => call.billed_seconds)} s charged in blocks${range}`
  )
}

function settlingMs({ call, overAt }: Witnessed): number {
  return call.ended_at && overAt ? call.ended_at.getTime() - overAt.getTime() : 0
}
