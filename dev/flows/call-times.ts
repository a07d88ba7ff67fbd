import type { Page } from 'playwright-core'
import { until } from './until.ts'

/** Times of the last click, and its INVITE, answer and first sound both ways, in Unix ms; 0 = not yet. */
export interface CallTimes {
  click: number
  invite: number
  answer: number
  sound: number
}

/** Records the times of clicks, SIP messages on the page's WebSocket, and sound of its calls. Reloads the page. */
export async function recordCallTimes(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const times: CallTimes = { click: 0, invite: 0, answer: 0, sound: 0 }
    const connections: RTCPeerConnection[] = []
    Object.assign(window, { times })
    const now = () => performance.timeOrigin + performance.now()
    // Forget the times of the call before: a test would otherwise hang up before the phone has answered.
    const begin = () => Object.assign(times, { click: now(), invite: 0, answer: 0, sound: 0 })
    document.addEventListener('click', (event) => (event.target as Element).closest('[data-call-button]') && begin(), true)
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration)
        connections.push(this)
      }
    }
    window.WebSocket = class extends WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols)
        this.addEventListener('message', ({ data }) => String(data).startsWith('INVITE ') && (times.invite = now()))
      }
      override send(data: string): void {
        if (String(data).startsWith('SIP/2.0 200') && /CSeq: \d+ INVITE/.test(data)) {
          times.answer = now()
          times.sound = 0
          void listen()
        }
        super.send(data)
      }
    }
    async function listen(): Promise<void> {
      const bytes = { came: 0, went: 0 }
      // The newest open one: to repair a call, the page opens a connection to find its address, and closes it again.
      const connection = connections.findLast(({ connectionState }) => connectionState !== 'closed')
      for (const entry of ((await connection?.getStats()) ?? new Map<string, RTCStats>()).values() as IterableIterator<RTCStats>) {
        if (entry.type === 'inbound-rtp') bytes.came += (entry as RTCInboundRtpStreamStats).bytesReceived ?? 0
        if (entry.type === 'outbound-rtp') bytes.went += (entry as RTCOutboundRtpStreamStats).bytesSent ?? 0
      }
      if (bytes.came > 0 && bytes.went > 0) times.sound = now()
      else setTimeout(() => void listen(), 5)
    }
  })
  await page.reload()
}

/** The times of the current call, once sound flows both ways. */
export async function readCallTimes(page: Page): Promise<CallTimes> {
  return until('sound both ways', async () => {
    const times = await page.evaluate(() => (window as unknown as { times: CallTimes }).times)
    return times.sound > 0 && times
  })
}
