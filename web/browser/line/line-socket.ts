import { WebSocketInterface } from 'jssip'
import type { Socket } from 'jssip/lib/Socket'

interface Listener {
  /** The next try is at `atMs` (Date.now), null when one is under way or none is needed. */
  onRetryAt(atMs: number | null): void
  /** The longest wait between two tries at this moment. */
  longestWaitMs(): number
}

const connectWithinMs = 4000
const firstWaitMs = 500

/**
 * The WebSocket to Asterisk for as long as the phone is on: it opens the next one by itself, and says when. JsSIP sees one
 * socket that is connected or not, and finds it connected again before its own recovery acts; that one has no clock that
 * could be shown, and no way to give up a connection that the network has lost without saying so.
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
  #wanted = false
  #tries = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #heardAt = 0

  constructor(url: string, listener: Listener) {
    const { sip_uri, via_transport } = new WebSocketInterface(url)
    this.url = url
    this.sip_uri = sip_uri
    this.via_transport = via_transport
    this.#listener = listener
  }

  /** When Asterisk last sent anything, by performance.now. */
  get heardAt(): number {
    return this.#heardAt
  }

  isConnected(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN
  }

  isConnecting(): boolean {
    return this.#wanted && !this.isConnected()
  }

  connect(): void {
    if (this.#wanted) return
    this.#wanted = true
    this.#tries = 0
    this.#open()
  }

  disconnect(): void {
    this.#wanted = false
    clearTimeout(this.#timer)
    this.#drop()
  }

  send(message: string): boolean {
    if (!this.isConnected()) return false
    this.#socket?.send(message)
    return true
  }

  /** Tries now instead of at the end of the wait. */
  tryNow(): void {
    if (!this.#wanted || this.isConnected()) return
    this.#tries = 0
    this.#open()
  }

  /** Gives up the connection, which may be dead without knowing it, for a new one. */
  renew(): void {
    if (!this.#wanted) return
    if (!this.isConnected()) return this.tryNow()
    this.#tries = 0
    this.#lost(() => this.#open())
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
      this.#tries = 0
      this.#heardAt = performance.now()
      this.onconnect()
    })
    socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
      if (this.#socket !== socket) return
      this.#heardAt = performance.now()
      this.ondata(data)
    })
    socket.addEventListener('close', ({ code, reason, wasClean }) => {
      if (this.#socket !== socket) return
      // Opened before: JsSIP has to know. A try that failed is our own affair.
      if (this.#heardAt > 0) this.#lost(() => this.#wait(), { error: !wasClean, code, reason })
      else this.#wait()
    })
    // A path that swallows packets says nothing for minutes.
    this.#timer = setTimeout(() => this.#wait(), connectWithinMs)
  }

  #lost(then: () => void, { error, code, reason }: { error: boolean; code?: number; reason?: string } = { error: true }): void {
    this.#drop()
    this.ondisconnect(error, code, reason)
    // JsSIP may have called disconnect() at the news.
    if (this.#wanted) then()
  }

  #wait(): void {
    this.#drop()
    clearTimeout(this.#timer)
    const waitMs = Math.min(firstWaitMs * 2 ** this.#tries, this.#listener.longestWaitMs())
    this.#tries += 1
    this.#listener.onRetryAt(Date.now() + waitMs)
    this.#timer = setTimeout(() => this.#open(), waitMs)
  }

  #drop(): void {
    const socket = this.#socket
    this.#socket = null
    this.#heardAt = 0
    socket?.close()
  }
}
