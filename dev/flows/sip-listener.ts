import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Test } from 'tap'

/** An address that belongs to no phone and no carrier. It records what it receives over UDP and TCP, and never answers. */
export class SipListener {
  readonly port: number
  readonly #received: string[]

  private constructor(port: number, received: string[]) {
    this.port = port
    this.#received = received
  }

  static async listen(t: Test): Promise<SipListener> {
    const received: string[] = []
    const tcp = createServer((socket) => socket.on('error', () => undefined).on('data', (bytes) => received.push(bytes.toString('latin1'))))
    await once(tcp.listen(0, '::'), 'listening')
    const { port } = tcp.address() as { port: number }
    const udp = createSocket({ type: 'udp6' })
    udp.on('message', (bytes) => received.push(bytes.toString('latin1')))
    udp.bind(port, '::')
    await once(udp, 'listening')
    t.teardown(() => {
      tcp.close()
      udp.close()
    })
    return new SipListener(port, received)
  }

  get address(): string {
    return `127.0.0.40:${this.port}`
  }

  /** The number of requests of this method, without repetitions. */
  received(method: string): number {
    const requests = this.#received.filter((text) => text.startsWith(`${method} `))
    return new Set(requests.map((text) => /^Call-ID: .*$/im.exec(text)?.[0])).size
  }
}
