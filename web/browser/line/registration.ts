import { UA, URI } from 'jssip'
import type { RTCSession } from 'jssip/lib/RTCSession'
import type { CallOptions, IncomingRTCSessionEvent, RTCSessionEvent, UnRegisteredEvent } from 'jssip/lib/UA'
import { requestCredential, type Credential } from './credential.ts'
import { LineSocket } from './line-socket.ts'
import type { LineEvent } from '../state/line-state.ts'
import { serverNow } from '../dom/server-clock.ts'

interface Listener {
  onLineEvent(event: LineEvent): void
  /** Whether a call is open. A call continues without the registration and without a valid password. */
  inCall(): boolean
  /** The next attempt to reconnect is at `atMs` (Date.now); null while an attempt runs. */
  onRetryAt(atMs: number | null): void
  onInvite(event: IncomingRTCSessionEvent): void
}

/** If a call is open when the site refuses a credential: how long until the next request. */
const askAgainMs = 5000
/** How long Asterisk may take to answer a REGISTER; after that the connection is dead. */
const responseTimeoutMs = 3000
/** Between two attempts to connect. It is short in a call, because the agent waits. */
const longestWaitMs = { idle: 15_000, inCall: 1000 }

/** Keeps this tab registered with Asterisk, and renews the password long before it expires. */
export class Registration {
  readonly #listener: Listener
  #ua: UA | null = null
  #socket: LineSocket | null = null
  #credential: Credential | null = null
  #running = false
  #failures = 0
  #requesting = false
  #renewal: ReturnType<typeof setTimeout> | undefined
  #verification: ReturnType<typeof setTimeout> | undefined
  #whenRegistered: (() => void)[] = []

  constructor(listener: Listener) {
    this.#listener = listener
  }

  get registered(): boolean {
    return this.#ua?.isRegistered() === true
  }

  /** Whether the WebSocket is open. JsSIP ends a session if it cannot send a re-INVITE. */
  get connected(): boolean {
    return this.#ua?.isConnected() === true
  }

  /** The configuration of a call's peer connection, with the newest TURN password. */
  get pcConfig(): RTCConfiguration {
    return { iceServers: this.#credential?.iceServers ?? [] }
  }

  start(): void {
    if (this.#running) return
    this.#running = true
    void this.#renew()
  }

  /** Unregisters and hangs up without waiting for answers, because the page may be unloading. */
  stop(): void {
    this.#running = false
    clearTimeout(this.#renewal)
    clearTimeout(this.#verification)
    this.#ua?.stop()
    this.#ua = null
    this.#socket = null
    this.#credential = null
  }

  /** Checks at once whether Asterisk still answers, as after sleep or a change of network. */
  verify(): void {
    const socket = this.#socket
    if (!socket?.isConnected()) return this.tryNow()
    const sentAt = performance.now()
    this.#ua?.register()
    clearTimeout(this.#verification)
    this.#verification = setTimeout(() => {
      if (socket.receivedAt < sentAt) socket.reconnect()
    }, responseTimeoutMs)
  }

  /** The browser is offline. A call monitors its own media path, and a new connection could end the call. */
  browserOffline(): void {
    if (!this.#listener.inCall()) this.#socket?.reconnect()
  }

  /** Reconnects now instead of at the end of the wait. */
  tryNow(): void {
    this.#socket?.tryNow()
    if (this.#failures > 0) void this.#renew()
  }

  /** Registers over a new connection, even if the current one looks open. Resolves when registered. */
  async reregister(): Promise<void> {
    const registered = new Promise<void>((resolve) => this.#whenRegistered.push(resolve))
    this.#socket?.reconnect()
    await registered
  }

  /** The site issued a credential for this phone. If it is not this page's own, another browser has the phone now. */
  credentialIssued(expiresAt: string): void {
    if (this.#credential && this.#credential.expiresAt !== expiresAt) this.#giveUp('displaced')
  }

  /** Calls `number`: digits with an optional leading plus. */
  call(number: string, options: CallOptions): RTCSession {
    if (!this.#ua || !this.#credential) throw new Error('not started')
    // JsSIP takes a URI too, which its types do not say. From a string it removes hyphens, and the server reads more than digits:
    // groups of four say that a mobile's ninth digit is missing.
    const target = new URI('sip', number, domainOf(this.#credential)) as unknown as string
    return this.#ua.call(target, options)
  }

  async #renew(): Promise<void> {
    // Of two concurrent renewals, each would displace the other.
    if (this.#requesting) return
    this.#requesting = true
    clearTimeout(this.#renewal)
    const result = await requestCredential(this.#credential)
    this.#requesting = false
    if (!this.#running) return
    if (result.outcome === 'unavailable') return this.#retry()
    if (result.outcome === 'issued') return this.#use(result.credential)
    this.#giveUp(result.outcome === 'displaced' ? 'displaced' : 'refused')
  }

  #giveUp(event: 'displaced' | 'refused'): void {
    if (this.#listener.inCall()) return this.#renewAfter(askAgainMs)
    this.stop()
    this.#listener.onLineEvent(event)
  }

  #use(credential: Credential): void {
    this.#credential = credential
    const lifeMs = Date.parse(credential.expiresAt) - serverNow()
    this.#renewAfter(Math.max(lifeMs / 2, 30_000))
    if (!this.#ua) return this.#open(credential)
    // Only the registration uses the password; an open call continues.
    this.#ua.set('password', credential.password)
    if (this.#ua.isConnected()) this.#ua.register()
  }

  #open(credential: Credential): void {
    const socket = new LineSocket(credential.wsUrl, {
      onRetryAt: (atMs) => this.#listener.onRetryAt(atMs),
      longestWaitMs: () => (this.#listener.inCall() ? longestWaitMs.inCall : longestWaitMs.idle),
    })
    const ua = new UA({
      sockets: [socket],
      uri: credential.uri,
      authorization_user: credential.endpoint,
      password: credential.password,
      // Short, so that Asterisk notices soon when a phone is gone. JsSIP refreshes it after 60 to 90 seconds.
      register_expires: 120,
      // Asterisk's smallest session timer is JsSIP's largest (JsSIP #297, #506). Media timeouts replace it.
      session_timers: false,
      user_agent: 'Ramal',
    })
    this.#ua = ua
    this.#socket = socket
    ua.on('registered', () => {
      this.#failures = 0
      for (const resolve of this.#whenRegistered.splice(0)) resolve()
      this.#listener.onLineEvent('registered')
    })
    ua.on('disconnected', () => this.#listener.onLineEvent('lost'))
    ua.on('unregistered', () => this.#listener.onLineEvent('lost'))
    ua.on('registrationFailed', (event: UnRegisteredEvent) => this.#onRegistrationFailed(event))
    ua.on('newRTCSession', (event: RTCSessionEvent) => {
      if (isIncoming(event)) this.#listener.onInvite(event)
    })
    ua.start()
  }

  /** Without a response the connection is dead: JsSIP registers by itself over a new one. A refusal needs a new password first. */
  #onRegistrationFailed({ response }: Partial<UnRegisteredEvent>): void {
    if (!this.#running) return
    if (response) this.#retry()
    else if (this.connected) this.#socket?.reconnect()
  }

  #retry(): void {
    const waitMs = Math.min(1000 * 2 ** this.#failures, longestWaitMs.idle)
    this.#failures += 1
    this.#renewAfter(waitMs)
    this.#listener.onRetryAt(Date.now() + waitMs)
  }

  #renewAfter(ms: number): void {
    clearTimeout(this.#renewal)
    this.#renewal = setTimeout(() => void this.#renew(), ms)
  }
}

function isIncoming(event: RTCSessionEvent): event is IncomingRTCSessionEvent {
  return (event.originator as string) === 'remote'
}

function domainOf(credential: Credential): string {
  return credential.uri.slice(credential.uri.indexOf('@') + 1)
}
