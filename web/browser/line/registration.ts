import { UA } from 'jssip'
import type { RTCSession } from 'jssip/lib/RTCSession'
import type { CallOptions, IncomingRTCSessionEvent, RTCSessionEvent, UnRegisteredEvent } from 'jssip/lib/UA'
import { requestCredential, type Credential } from './credential.ts'
import { LineSocket } from './line-socket.ts'
import type { LineEvent } from '../state/line-state.ts'
import { serverNow } from '../dom/server-clock.ts'

interface Listener {
  onLine(event: LineEvent): void
  /** A call that is up outlives its line: it needs neither the password nor the registration. */
  inCall(): boolean
  /** The next try to come back is at `atMs` (Date.now), null when one is under way or none is needed. */
  onRetryAt(atMs: number | null): void
  onInvite(event: IncomingRTCSessionEvent): void
}

/** How long after a call that outlived its line the site is asked again. */
const askAgainMs = 5000
/** How long Asterisk may take to say anything when asked; a dead connection says nothing. */
const answersWithinMs = 3000
/** Between two tries to connect: somebody who talks waits for each of them. */
const longestWaitMs = { idle: 15_000, inCall: 1000 }

/** Keeps this tab registered with Asterisk, with a password that is renewed long before it expires. */
export class Registration {
  readonly #listener: Listener
  #ua: UA | null = null
  #socket: LineSocket | null = null
  #credential: Credential | null = null
  #running = false
  #failures = 0
  #asking = false
  #renewal: ReturnType<typeof setTimeout> | undefined
  #verification: ReturnType<typeof setTimeout> | undefined
  #whenRegistered: (() => void)[] = []

  constructor(listener: Listener) {
    this.#listener = listener
  }

  get registered(): boolean {
    return this.#ua?.isRegistered() === true
  }

  /** Whether a request sent now reaches Asterisk: JsSIP ends a session whose re-INVITE finds no connection. */
  get connected(): boolean {
    return this.#ua?.isConnected() === true
  }

  /** How a call finds its way through the network, with the newest password for it. */
  get pcConfig(): RTCConfiguration {
    return { iceServers: this.#credential?.iceServers ?? [] }
  }

  start(): void {
    if (this.#running) return
    this.#running = true
    void this.#renew()
  }

  /** Unregisters and hangs up what is up, as far as one send goes: the page may be going away. */
  stop(): void {
    this.#running = false
    clearTimeout(this.#renewal)
    clearTimeout(this.#verification)
    this.#ua?.stop()
    this.#ua = null
    this.#socket = null
    this.#credential = null
  }

  /** After sleep or a change of network: finds out now, not at the next refresh, whether the line still stands. */
  verify(): void {
    const socket = this.#socket
    if (!socket?.isConnected()) return this.tryNow()
    const askedAt = performance.now()
    this.#ua?.register()
    clearTimeout(this.#verification)
    this.#verification = setTimeout(() => {
      if (socket.heardAt < askedAt) socket.renew()
    }, answersWithinMs)
  }

  /** The browser has no network. A call finds that out by its own sound, and a new connection in the middle could end it. */
  networkGone(): void {
    if (!this.#listener.inCall()) this.#socket?.renew()
  }

  /** Comes back now instead of at the end of the wait. */
  tryNow(): void {
    this.#socket?.tryNow()
    if (this.#failures > 0) void this.#renew()
  }

  /** Registers again over a new connection, whatever the one there is thinks of itself; resolves once that is done. */
  async registerAnew(): Promise<void> {
    const registered = new Promise<void>((resolve) => this.#whenRegistered.push(resolve))
    this.#socket?.renew()
    await registered
  }

  /** A new password for this phone has been made. If it is not this page's, another browser has the phone now. */
  credentialIssued(expiresAt: string): void {
    if (this.#credential && this.#credential.expiresAt !== expiresAt) this.#giveUp('displaced')
  }

  /** Calls `number` (digits, perhaps a plus in front). */
  call(number: string, options: CallOptions): RTCSession {
    if (!this.#ua || !this.#credential) throw new Error('not started')
    return this.#ua.call(`sip:${number}@${domainOf(this.#credential)}`, options)
  }

  async #renew(): Promise<void> {
    // Two renewals at once would each find that the other has displaced it.
    if (this.#asking) return
    this.#asking = true
    clearTimeout(this.#renewal)
    const answer = await requestCredential(this.#credential)
    this.#asking = false
    if (!this.#running) return
    if (answer.outcome === 'unavailable') return this.#retry()
    if (answer.outcome === 'issued') return this.#use(answer.credential)
    this.#giveUp(answer.outcome === 'displaced' ? 'displaced' : 'refused')
  }

  #giveUp(event: 'displaced' | 'refused'): void {
    if (this.#listener.inCall()) return this.#renewAfter(askAgainMs)
    this.stop()
    this.#listener.onLine(event)
  }

  #use(credential: Credential): void {
    this.#credential = credential
    const lifeMs = Date.parse(credential.expiresAt) - serverNow()
    this.#renewAfter(Math.max(lifeMs / 2, 30_000))
    if (!this.#ua) return this.#open(credential)
    // Only the registration gets the new password; a call that is up has none and goes on.
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
      // Short, so that a phone that vanished is known to be gone; refreshed after one to one and a half minutes.
      register_expires: 120,
      // Asterisk's smallest session timer is JsSIP's largest (JsSIP #297, #506); media time-outs do this work.
      session_timers: false,
      user_agent: 'Ramal',
    })
    this.#ua = ua
    this.#socket = socket
    ua.on('registered', () => {
      this.#failures = 0
      for (const resolve of this.#whenRegistered.splice(0)) resolve()
      this.#listener.onLine('registered')
    })
    ua.on('disconnected', () => this.#listener.onLine('lost'))
    ua.on('unregistered', () => this.#listener.onLine('lost'))
    ua.on('registrationFailed', (event: UnRegisteredEvent) => this.#onRegistrationFailed(event))
    ua.on('newRTCSession', (event: RTCSessionEvent) => {
      if (isIncoming(event)) this.#listener.onInvite(event)
    })
    ua.start()
  }

  /** With a new connection JsSIP registers by itself: silence asks for one. A refusal needs a new password first. */
  #onRegistrationFailed({ response }: Partial<UnRegisteredEvent>): void {
    if (!this.#running) return
    if (response) this.#retry()
    else if (this.connected) this.#socket?.renew()
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
