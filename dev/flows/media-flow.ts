import type { Person } from './person.ts'
import type { Stage } from './stage.ts'
import { until } from './until.ts'

/** Keeps the page's peer connections for the functions below. Reloads the page. */
export async function keepConnections({ page }: Person): Promise<void> {
  await page.addInitScript(() => {
    const connections: RTCPeerConnection[] = []
    Object.assign(window, { connections })
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration)
        connections.push(this)
      }
    }
  })
  await page.reload()
}

/** Milliseconds until new sound arrives on both sides: at the browser of `person`, and from it at Asterisk. */
export async function untilSoundBothWays(stage: Stage, person: Person, what: string): Promise<number> {
  const startedAt = performance.now()
  const [lead, agent] = [await bytesAtAgent(person), await packetsAtAsterisk(stage)]
  await until(what, async () => (await bytesAtAgent(person)) > lead + 1000 && (await packetsAtAsterisk(stage)) > agent + 10)
  return Math.round(performance.now() - startedAt)
}

/** The type of the browser's selected local candidate: `host`, `srflx`, `prflx` or `relay`. */
export async function mediaPathOf({ page }: Person): Promise<string | undefined> {
  return page.evaluate(async () => {
    const { connections } = window as unknown as { connections: RTCPeerConnection[] }
    const up = connections.find(({ connectionState }) => connectionState === 'connected')
    const entries = [...((await up?.getStats())?.values() ?? [])] as (RTCStats & Record<string, unknown>)[]
    const transport = entries.find(({ type }) => type === 'transport')
    const pair = entries.find(({ id }) => id === transport?.['selectedCandidatePairId'])
    return entries.find(({ id }) => id === pair?.['localCandidateId'])?.['candidateType'] as string | undefined
  })
}

/** The codec of each leg of a call that is up, by Asterisk: the browser's and the carrier's. */
export async function legCodecs(stage: Stage): Promise<Record<'browser' | 'carrier', string | undefined>> {
  const lines = (await stage.stack.asterisk.cli('pjsip show channelstats')).split('\n')
  const codecOf = (endpoint: RegExp) =>
    lines
      .find((line) => endpoint.test(line))
      ?.trim()
      .split(/\s+/)[3]
  return { browser: codecOf(/ padaria-sol-\d/), carrier: codecOf(/ carrier-[ab]/) }
}

/** Bytes. */
async function bytesAtAgent({ page }: Person): Promise<number> {
  return page.evaluate(async () => {
    const { connections } = window as unknown as { connections: RTCPeerConnection[] }
    const open = connections.filter(({ connectionState }) => connectionState !== 'closed')
    const entries = (await Promise.all(open.map((connection) => connection.getStats()))).flatMap((report) => [
      ...(report.values() as IterableIterator<RTCInboundRtpStreamStats>),
    ])
    return entries.reduce((sum, { type, bytesReceived = 0 }) => sum + (type === 'inbound-rtp' ? bytesReceived : 0), 0)
  })
}

/** Packets. */
async function packetsAtAsterisk(stage: Stage): Promise<number> {
  const lines = (await stage.stack.asterisk.cli('pjsip show channelstats')).split('\n')
  return Number(
    lines
      .find((line) => line.includes('padaria-sol-101'))
      ?.trim()
      .split(/\s+/)[4],
  )
}
