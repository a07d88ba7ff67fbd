import { randomBytes } from 'node:crypto'
import type { Test } from 'tap'
import type { SipCredential } from '../../domain/telephony/sip-credentials.ts'
import { digestAnswer } from '../carrier/sip/digest.ts'
import { tcpWire, udpWire, webSocketWire, type SipWire } from '../carrier/sip/sip-wire.ts'
import type { Stack } from '../stack/stack.ts'
import { until } from './until.ts'

export const wires = ['ws', 'tcp', 'udp'] as const
export type WireName = (typeof wires)[number]

/** The Contact headers of a REGISTER, and additional lines. */
export interface Registration {
  contacts: string[]
  lines?: string[]
}

/** A SIP phone that can send any REGISTER. It answers OPTIONS, and rings and then rejects each call as busy. */
export class RawPhone {
  /** Its address, as Asterisk sees it; only the host for a WebSocket. */
  readonly address: string
  readonly #asked: string[] = []
  readonly #credential: SipCredential
  readonly #wire: SipWire
  readonly #responses = new Map<string, string>()
  readonly #callId = randomBytes(8).toString('hex')
  #sequence = 0

  private constructor(credential: SipCredential, wire: SipWire, address: string) {
    this.#credential = credential
    this.#wire = wire
    this.address = address
    wire.onText((text) => this.#reads(text))
  }

  /** Connects from `from`, an address of this machine; a WebSocket chooses its own. `url` replaces the URL of Asterisk's WebSocket. */
  static async connect(
    t: Test,
    {
      stack: { ports, env },
      wire: name,
      credential,
      from = '127.0.0.31',
      url = env.RAMAL_SIP_WS_URL,
    }: { stack: Stack; wire: WireName; credential: SipCredential; from?: string; url?: string },
  ): Promise<RawPhone> {
    const wire =
      name === 'ws' ? await webSocketWire(url) : name === 'tcp' ? await tcpWire(from, ports.sip) : await udpWire(from, 0, ports.sip)
    const phone = new RawPhone(credential, wire, name === 'ws' ? wire.host : addressOf(wire))
    t.teardown(() => phone.close())
    return phone
  }

  close(): void {
    this.#wire.close()
  }

  /** The number of requests of this method. */
  received(method: string): number {
    return this.#asked.filter((line) => line.startsWith(`${method} `)).length
  }

  /** Sends a REGISTER, answers the challenge to it, and returns the last response. */
  async registers(registration: Registration): Promise<string> {
    const challenged = await this.#asks(registration)
    const challenge = /^WWW-Authenticate: Digest (.*)$/im.exec(challenged)?.[1]
    return challenge === undefined
      ? challenged
      : this.#asks(registration, digestAnswer(this.#credential, challenge, 'REGISTER', 'sip:ramal.local'))
  }

  /** The honest Contact of this phone. */
  get contact(): string {
    return `<sip:${this.#credential.endpoint}@${addressOf(this.#wire)}>`
  }

  async #asks({ contacts, lines = [] }: Registration, authorization = ''): Promise<string> {
    const { endpoint } = this.#credential
    const sequence = `${(this.#sequence += 1)} REGISTER`
    this.#wire.send(
      [
        'REGISTER sip:ramal.local SIP/2.0',
        `Via: SIP/2.0/${this.#wire.via};rport;branch=z9hG4bK${randomBytes(8).toString('hex')}`,
        `From: <sip:${endpoint}@ramal.local>;tag=raw`,
        `To: <sip:${endpoint}@ramal.local>`,
        `Call-ID: ${this.#callId}`,
        `CSeq: ${sequence}`,
        'Max-Forwards: 70',
        ...(authorization ? [`Authorization: ${authorization}`] : []),
        ...contacts.map((contact) => `Contact: ${contact}`),
        ...lines,
        'Content-Length: 0\r\n\r\n',
      ].join('\r\n'),
    )
    return until(`a response to ${sequence}`, () => this.#responses.get(sequence))
  }

  #reads(message: string): void {
    const [first = '', ...lines] = message.split('\r\n')
    if (first.startsWith('SIP/2.0 ')) {
      const sequence = /^CSeq: (.*)$/im.exec(message)?.[1]
      if (sequence !== undefined && !/^SIP\/2.0 1/.test(first)) this.#responses.set(sequence, message)
      return
    }
    if (!/^(INVITE|OPTIONS) /.test(first)) return
    this.#asked.push(first)
    const kept = lines.filter((line) => /^(Via|From|Call-ID|CSeq): /i.test(line))
    const to = lines.find((line) => /^To: /i.test(line)) ?? ''
    const answers = (status: string) =>
      this.#wire.send([`SIP/2.0 ${status}`, ...kept, `${to};tag=raw`, 'Content-Length: 0\r\n\r\n'].join('\r\n'))
    if (first.startsWith('OPTIONS')) return answers('200 OK')
    answers('180 Ringing')
    answers('486 Busy Here')
  }
}

/** host:port, as Asterisk sees it; a name for a WebSocket. */
function addressOf({ via }: SipWire): string {
  return via.split(' ')[1] ?? ''
}
