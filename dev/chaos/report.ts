import type { ObservedCall } from './observed-call.ts'
import type { ChaosRun } from './run.ts'

/** One fault can break the same promise for many calls. */
const shownAtMost = 30

/** A summary of the run, as lines of text. */
export function report({ seed, repeats, looks, settledMs, evidence, broken }: ChaosRun): string[] {
  const { seen, notPlaced, outages } = evidence
  const rows = seen.map(({ row }) => row).filter((row) => row !== null)
  const talks = seen.filter(({ row }) => row?.answered_at)
  const rowless = seen.filter(({ row, plan }) => !row && plan.way !== 'incoming')
  const recorded = talks.filter(({ recording }) => recording?.state === 'ready')
  return [
    `seed         ${seed}`,
    count(
      'calls',
      seen.map(({ plan }) => plan.way),
    ) + `; ${notPlaced} not placed`,
    count(
      'faults',
      outages.map(({ how, victim }) => `${how} ${victim}`),
    ),
    count(
      'states',
      rows.map(({ state }) => state),
    ),
    count(
      'outcomes',
      rows.map(({ outcome }) => outcome),
    ),
    count(
      'refused',
      rows.filter(({ state }) => state === 'refused').map(({ verdict }) => verdict),
    ),
    count('no row', rowless.map(phoneResult)),
    comparison(
      'reported',
      talks.filter(({ row }) => row?.state === 'ended'),
    ),
    comparison(
      'lost, up',
      talks.filter(({ row, killed }) => row?.state === 'lost' && !killed),
    ),
    comparison(
      'lost, killed',
      talks.filter(({ row, killed }) => row?.state === 'lost' && killed),
    ),
    `recorded     ${recorded.length} talks; ${seen.filter(({ transfer }) => transfer?.state === 'answered').length} transferred, ${seen.filter(({ boughtAt }) => boughtAt).length} with bought minutes`,
    `late         ${seen.filter(({ silentAt }) => silentAt.length > 0).length} calls with a question that got no timely answer`,
    `settling     ${(Math.max(0, ...talks.map(settlingMs)) / 1000).toFixed(1)} s at most after the end of a call; all settled ${(settledMs / 1000).toFixed(1)} s after the last fault`,
    `ledgers      checked ${looks} times during the calls; ${repeats} reports repeated`,
    ...broken.slice(0, shownAtMost).map((promise) => `BROKEN       ${promise}`),
    broken.length === 0 ? 'every promise was kept' : `${broken.length} broken promises`,
  ]
}

function count(title: string, values: (string | null)[]): string {
  const groups = Map.groupBy(values, (value) => value ?? 'none')
  const sorted = [...groups].map(([name, members]) => [name, members.length] as const).toSorted((a, b) => b[1] - a[1])
  return `${title.padEnd(12)} ${sorted.map(([name, members]) => `${name} ${members}`).join(', ')}`
}

function phoneResult({ phone, prompts }: ObservedCall): string {
  if (phone?.refused) return `refused ${phone.refused}`
  const [prompt] = prompts
  return prompt ? `heard ${prompt.name}` : phone?.answeredAt ? 'answered' : 'nothing'
}

/** Talk time by our clock and by the carrier's. With a killed Asterisk, the talk ends at the kill. */
function comparison(title: string, talks: ObservedCall[]): string {
  const sum = (of: (seen: ObservedCall) => number) => talks.reduce((total, seen) => total + of(seen), 0)
  const apart = talks.map(({ row, carrierMs }) => (row?.talk_seconds ?? 0) - carrierMs / 1000)
  const range = apart.length === 0 ? '' : `; difference per call ${Math.min(...apart).toFixed(1)} to ${Math.max(...apart).toFixed(1)} s`
  return (
    `${title.padEnd(12)} ${talks.length} talks: ${sum(({ row }) => row?.talk_seconds ?? 0)} s by our clock, ` +
    `${(sum(({ carrierMs }) => carrierMs) / 1000).toFixed(0)} s by the carrier's, ${sum(({ row }) => row?.billed_seconds ?? 0)} s charged in blocks${range}`
  )
}

function settlingMs({ row, overAt }: ObservedCall): number {
  return row?.ended_at && overAt ? row.ended_at.getTime() - overAt.getTime() : 0
}
