import { WebSocketInterface } from 'jssip'
import type { Socket } from 'jssip/lib/Socket'

interface Listener {
  /** The next attempt is at `atMs` (Date.now); null while an attempt runs. */
  onRetryAt(atMs: number | null): void
  /** The longest wait between two attempts at this moment. */
  longestWaitMs(): number
}

const connectTimeoutMs = 4000
const firstWaitMs = 500

/**
 * The WebSocket to Asterisk. It reconnects by itself and reports when. JsSIP sees one socket that is connected or not, and it
 * is connected again before JsSIP's own recovery starts. That recovery reports no time of the next attempt, and it cannot drop
 * a connection that the network lost without a close.
 */
export class LineSocket implements Socket {
  onconnect: () => void = () => undefined
  ondisconnect: (error: boolean, code?: number, reason?: string) => void = () => undefined
  ondata: <T>(event: T) => void = () => undefined
  readonly url: string
  readonly sip_uri: string
  via_transport: string
  readonly #listener: Listener
  #socket: WebSocket | null = null
  #active = false
  #attempts = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #receivedAt = 0

  constructor(url: string, listener: Listener) {
    const { sip_uri, via_transport } = new WebSocketInterface(url)
    this.url = url
    this.sip_uri = sip_uri
    this.via_transport = via_transport
    this.#listener = listener
  }

  /** When Asterisk last sent anything (performance.now). */
  get receivedAt(): number {
    return this.#receivedAt
  }

  isConnected(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN
  }

  isConnecting(): boolean {
    return this.#active && !this.isConnected()
  }

  connect(): void {
    if (this.#active) return
    this.#active = true
    this.#attempts = 0
    this.#open()
  }

  disconnect(): void {
    this.#active = false
    clearTimeout(this.#timer)
    this.#drop()
  }

  send(message: string): boolean {
    if (!this.isConnected()) return false
    this.#socket?.send(message)
    return true
  }

  /** Connects now instead of at the end of the wait. */
  tryNow(): void {
    if (!this.#active || this.isConnected()) return
    this.#attempts = 0
    this.#open()
  }

  /** Replaces the connection, which may be dead although it looks open. */
  reconnect(): void {
    if (!this.#active) return
    if (!this.isConnected()) return this.tryNow()
    this.#attempts = 0
    this.#reportLoss(() => this.#open())
  }

  #open(): void {
    clearTimeout(this.#timer)
    this.#drop()
    this.#listener.onRetryAt(null)
    const socket = new WebSocket(this.url, 'sip')
    this.#socket = socket
    socket.addEventListener('open', () => {
      if (this.#socket !== socket) return
      clearTimeout(this.#timer)
      this.#attempts = 0
      this.#receivedAt = performance.now()
      this.onconnect()
    })
    socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
      if (this.#socket !== socket) return
      this.#receivedAt = performance.now()
      this.ondata(data)
    })
    socket.addEventListener('close', ({ code, reason, wasClean }) => {
      if (this.#socket !== socket) return
      // JsSIP must know only of connections that were open before.
      if (this.#receivedAt > 0) this.#reportLoss(() => this.#wait(), { error: !wasClean, code, reason })
      else this.#wait()
    })
    // If the network drops the packets, the browser reports nothing for minutes.
    this.#timer = setTimeout(() => this.#wait(), connectTimeoutMs)
  }

  #reportLoss(then: () => void, { error, code, reason }: { error: boolean; code?: number; reason?: string } = { error: true }): void {
    this.#drop()
    this.ondisconnect(error, code, reason)
    // JsSIP may call disconnect() from ondisconnect.
    if (this.#active) then()
  }

  #wait(): void {
    this.#drop()
    clearTimeout(this.#timer)
    const waitMs = Math.min(firstWaitMs * 2 ** this.#attempts, this.#listener.longestWaitMs())
    this.#attempts += 1
    this.#listener.onRetryAt(Date.now() + waitMs)
    this.#timer = setTimeout(() => this.#open(), waitMs)
  }

  #drop(): void {
    const socket = this.#socket
    this.#socket = null
    this.#receivedAt = 0
    socket?.close()
  }
}
