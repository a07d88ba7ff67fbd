import type { Page } from 'playwright-core'
import { until } from './until.ts'

/** When the last click, and after it the INVITE, the answer and the first sound both ways, crossed the page's edge, in Unix ms; 0 = not yet. */
export interface Wire {
  click: number
  invite: number
  answer: number
  sound: number
}

/** Notes clicks, SIP messages on the page's WebSocket, and the sound of its calls, without touching any. Reloads the page. */
export async function watchTheWire(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const wire: Wire = { click: 0, invite: 0, answer: 0, sound: 0 }
    const connections: RTCPeerConnection[] = []
    Object.assign(window, { wire })
    const now = () => performance.timeOrigin + performance.now()
    // What was noted of the call before must not pass for this one's: whoever believed it would hang up before the phone has answered.
    const begin = () => Object.assign(wire, { click: now(), invite: 0, answer: 0, sound: 0 })
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
        this.addEventListener('message', ({ data }) => String(data).startsWith('INVITE ') && (wire.invite = now()))
      }
      override send(data: string): void {
        if (String(data).startsWith('SIP/2.0 200') && /CSeq: \d+ INVITE/.test(data)) {
          wire.answer = now()
          wire.sound = 0
          void listen()
        }
        super.send(data)
      }
    }
    async function listen(): Promise<void> {
      const bytes = { came: 0, went: 0 }
      // The newest that is open: a page that repairs a call looks for an address by a connection that it closes again.
      const connection = connections.findLast(({ connectionState }) => connectionState !== 'closed')
      for (const entry of ((await connection?.getStats()) ?? new Map<string, RTCStats>()).values() as IterableIterator<RTCStats>) {
        if (entry.type === 'inbound-rtp') bytes.came += (entry as RTCInboundRtpStreamStats).bytesReceived ?? 0
        if (entry.type === 'outbound-rtp') bytes.went += (entry as RTCOutboundRtpStreamStats).bytesSent ?? 0
      }
      if (bytes.came > 0 && bytes.went > 0) wire.sound = now()
      else setTimeout(() => void listen(), 5)
    }
  })
  await page.reload()
}

/** The times of the call that is up, once its sound goes both ways. */
export async function readWire(page: Page): Promise<Wire> {
  return until('sound both ways', async () => {
    const wire = await page.evaluate(() => (window as unknown as { wire: Wire }).wire)
    return wire.sound > 0 && wire
  })
}
