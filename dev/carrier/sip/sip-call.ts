import { randomBytes } from 'node:crypto'
import { until } from '../../flows/until.ts'
import { sdp, type Codec, type SdpOptions } from './sdp.ts'
import { SipMessage, tagOf, uriOf } from './sip-message.ts'
import type { SipWire } from './sip-wire.ts'
import type { Sound } from './sound.ts'

type Headers = readonly (readonly [name: string, value: string])[]

/** What a message may carry beside the headers of its call. */
export interface Content {
  headers?: Headers
  /** The codecs of a description, the preferred one first. */
  codecs?: readonly Codec[]
  description?: SdpOptions
}

/** One call of a peer, in either direction. It answers BYE, CANCEL and OPTIONS by itself; the test decides all else. */
export class SipCall {
  readonly invite: SipMessage
  readonly sound: Sound
  /** Every message of Asterisk, in order. */
  readonly received: SipMessage[] = []
  readonly #wire: SipWire
  readonly #tag = randomBytes(4).toString('hex')
  readonly #placed: boolean
  #remoteTag = ''
  #target: string
  #sequence: number
  /** The request of Asterisk that waits for an answer. */
  #open: SipMessage | null = null
  #answeredAt: number | null = null
  #endedAt: number | null = null

  /** `invite`: as received, or, for a call that this peer places, as `place` made it. */
  constructor(wire: SipWire, invite: SipMessage, sound: Sound, { placed }: { placed: boolean }) {
    this.#wire = wire
    this.invite = invite
    this.sound = sound
    this.#placed = placed
    this.#sequence = invite.sequence
    this.#target = placed ? invite.uri : uriOf(invite.header('Contact'))
    if (placed) this.#tag = tagOf(invite.header('From'))
    else this.receives(invite)
  }

  /** The call is over, ended or rejected by either side. */
  get isOver(): boolean {
    return this.received.some(
      ({ method, status, transaction }) => method === 'BYE' || method === 'CANCEL' || (transaction === 'INVITE' && (status ?? 0) >= 300),
    )
  }

  /** From the first 200 to the BYE, by this peer's clock. */
  get talkedMs(): number {
    return this.#answeredAt === null || this.#endedAt === null ? 0 : this.#endedAt - this.#answeredAt
  }

  /** Answers Asterisk's open INVITE, the first one or a re-INVITE. */
  answers(status: number, content: Content = {}): void {
    if (!this.#open) throw new Error(`nothing to answer with ${status}`)
    this.#respond(this.#open, status, content)
    if (status === 200) this.#answeredAt ??= performance.now()
    if (status >= 200) this.#open = null
  }

  /** Sends a request inside the call. An offer in a re-INVITE goes into `content`; its 200 is acknowledged. */
  sends(method: 'BYE' | 'INVITE' | 'CANCEL', content: Content = {}): void {
    if (method === 'BYE') this.#endedAt ??= performance.now()
    if (method === 'CANCEL') return this.#wire.send(String(this.#cancel()))
    this.#wire.send(String(this.#request(method, (this.#sequence += 1), content)))
  }

  /** Waits for the `nth` request of a method, or the `nth` response to an INVITE with a status. */
  async gets(what: string | number, nth = 1): Promise<SipMessage> {
    const fits = (message: SipMessage) =>
      typeof what === 'string' ? message.method === what : message.status === what && message.transaction === 'INVITE'
    return until(`${what} in the call ${this.invite.start}`, () => this.received.filter(fits)[nth - 1])
  }

  /** Takes a message of Asterisk that belongs to this call. */
  receives(message: SipMessage): void {
    if (message.status !== null) return this.#receivesResponse(message)
    // Repeated.
    if (this.received.some(({ start, sequence }) => start === message.start && sequence === message.sequence)) return
    this.received.push(message)
    if (message.method === 'INVITE') {
      this.#remoteTag = tagOf(message.header('From'))
      this.#open = message
    }
    if (message.body !== '' && message.method !== 'BYE') this.sound.follows(message.body)
    if (message.method === 'CANCEL') {
      this.#respond(message, 200, {})
      if (this.#open) this.answers(487)
    }
    if (message.method === 'BYE') this.#endedAt ??= performance.now()
    if (message.method === 'BYE' || message.method === 'OPTIONS') this.#respond(message, 200, {})
  }

  #receivesResponse(message: SipMessage): void {
    const { status, transaction } = message
    if (transaction !== 'INVITE') return
    this.received.push(message)
    if ((status ?? 0) > 100) this.#remoteTag = tagOf(message.header('To'))
    if (message.body !== '') this.sound.follows(message.body)
    if (status === 200) this.#answeredAt ??= performance.now()
    if (status === 200) this.#target = uriOf(message.header('Contact')) || this.#target
    if ((status ?? 0) >= 200) this.#wire.send(String(this.#request('ACK', message.sequence, {}, status === 200 ? null : this.invite)))
  }

  #respond(request: SipMessage, status: number, content: Content): void {
    const kept = request.headers.filter(([name]) => /^(via|record-route|from|call-id|cseq)$/i.test(name))
    const to = request.header('To')
    const tagged = tagOf(to) === '' && status > 100 ? `${to};tag=${this.#tag}` : to
    this.#send(`SIP/2.0 ${status} ${reasons[status] ?? 'Answer'}`, [...kept, ['To', tagged]], content)
  }

  #request(method: string, sequence: number, content: Content, failed: SipMessage | null = null): SipMessage {
    const [own, other] = this.#placed ? ([this.invite.header('From'), this.invite.header('To')] as const) : this.#swapped()
    const to = this.#remoteTag === '' || tagOf(other) !== '' ? other : `${other};tag=${this.#remoteTag}`
    // The ACK of a failed INVITE belongs to the INVITE's own transaction.
    const via = failed ? failed.header('Via') : `SIP/2.0/${this.#wire.via};rport;branch=z9hG4bK${randomBytes(8).toString('hex')}`
    return this.#message(
      `${method} ${failed ? failed.uri : this.#target} SIP/2.0`,
      [
        ['Via', via],
        ['From', own],
        ['To', to],
        ['Call-ID', this.invite.callId],
        ['CSeq', `${sequence} ${method}`],
        ['Max-Forwards', '70'],
      ],
      content,
    )
  }

  #cancel(): SipMessage {
    const kept = this.invite.headers.filter(([name]) => /^(via|from|to|call-id|max-forwards)$/i.test(name))
    return new SipMessage(`CANCEL ${this.invite.uri} SIP/2.0`, [...kept, ['CSeq', `${this.invite.sequence} CANCEL`]])
  }

  #swapped(): [own: string, other: string] {
    return [`${this.invite.header('To')};tag=${this.#tag}`, this.invite.header('From')]
  }

  #send(start: string, headers: Headers, content: Content): void {
    this.#wire.send(String(this.#message(start, headers, content)))
  }

  #message(start: string, headers: Headers, { headers: more = [], codecs, description }: Content): SipMessage {
    const contact = ['Contact', `<sip:${this.#wire.contact}>`] as const
    const type = ['Content-Type', 'application/sdp'] as const
    const body = codecs ? sdp(this.#wire.host, this.sound.port, codecs, description) : ''
    return new SipMessage(start, [...headers, contact, ...more, ...(codecs ? [type] : [])], body)
  }
}

const reasons: Record<number, string> = { 100: 'Trying', 180: 'Ringing', 183: 'Session Progress', 200: 'OK', 487: 'Request Terminated' }
