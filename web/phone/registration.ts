import { UA, WebSocketInterface } from 'jssip'
import type { RTCSession } from 'jssip/lib/RTCSession'
import type { CallOptions, IncomingRTCSessionEvent, RTCSessionEvent, UnRegisteredEvent } from 'jssip/lib/UA'
import { requestCredential, type Credential } from './credential.ts'
import type { LineEvent } from './line-state.ts'
import { serverNow } from './server-clock.ts'

interface Listener {
  onLine(event: LineEvent): void
  /** A call that is up outlives its line: it needs neither the password nor the registration. */
  inCall(): boolean
  onInvite(event: IncomingRTCSessionEvent): void
}

/** How long after a call that outlived its line the site is asked again. */
const askAgainMs = 5000

/** Keeps this tab registered with Asterisk, with a password that is renewed long before it expires. */
export class Registration {
  readonly #listener: Listener
  #ua: UA | null = null
  #credential: Credential | null = null
  #running = false
  #failures = 0
  #renewal: ReturnType<typeof setTimeout> | undefined

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

  get iceServers(): RTCIceServer[] {
    return this.#credential?.iceServers ?? []
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
    this.#ua?.stop()
    this.#ua = null
    this.#credential = null
  }

  /** After sleep or a change of network: finds out now, not at the next refresh, whether the line still stands. */
  verify(): void {
    if (this.#ua?.isConnected()) this.#ua.register()
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
    const answer = await requestCredential(this.#credential)
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
    const ua = new UA({
      sockets: [new WebSocketInterface(credential.wsUrl)],
      uri: credential.uri,
      authorization_user: credential.endpoint,
      password: credential.password,
      // Short, so that a phone that vanished is known to be gone; refreshed after one to one and a half minutes.
      register_expires: 120,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 8,
      // Asterisk's smallest session timer is JsSIP's largest (JsSIP #297, #506); media time-outs do this work.
      session_timers: false,
      user_agent: 'Ramal',
    })
    this.#ua = ua
    ua.on('registered', () => {
      this.#failures = 0
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

  /** Without a connection JsSIP registers by itself as soon as it has one; a refusal needs a new password first. */
  #onRegistrationFailed({ response }: Partial<UnRegisteredEvent>): void {
    if (this.#running && (response || this.connected)) this.#retry()
  }

  #retry(): void {
    this.#renewAfter(Math.min(1000 * 2 ** this.#failures, 30_000))
    this.#failures += 1
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
