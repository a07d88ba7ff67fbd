import { createHash, randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Test } from 'tap'
import type { SipCredential } from '../../domain/telephony/sip-credentials.ts'
import type { Stack } from '../stack/stack.ts'
import { until } from './until.ts'

export const wires = ['ws', 'tcp', 'udp'] as const
export type CallTimes = (typeof wires)[number]

/** The Contact headers of a REGISTER, and additional lines. */
export interface Registration {
  contacts: string[]
  lines?: string[]
}

/** How a phone reaches Asterisk. */
interface Line {
  /** Transport and address of the Via header. */
  via: string
  address: string
  send: (text: string) => void
  close: () => void
}

/** A SIP phone that can send any REGISTER. It answers OPTIONS, and rings and then rejects each call as busy. */
export class RawPhone {
  /** Its address, as Asterisk sees it; only the host for a WebSocket. */
  readonly address: string
  readonly #asked: string[] = []
  readonly #credential: SipCredential
  readonly #via: string
  readonly #send: (text: string) => void
  readonly #close: () => void
  readonly #responses = new Map<string, string>()
  readonly #callId = randomBytes(8).toString('hex')
  #sequence = 0

  private constructor(credential: SipCredential, { via, address, send, close }: Line) {
    this.#credential = credential
    this.#via = via
    this.address = address
    this.#send = send
    this.#close = close
  }

  /** Connects from `from`, an address of this machine; a WebSocket chooses its own. `url` replaces the URL of Asterisk's WebSocket. */
  static async connect(
    t: Test,
    {
      stack,
      wire,
      credential,
      from = '127.0.0.31',
      url,
    }: { stack: Stack; wire: CallTimes; credential: SipCredential; from?: string; url?: string },
  ): Promise<RawPhone> {
    if (wire === 'ws') {
      const socket = new WebSocket(url ?? stack.env.RAMAL_SIP_WS_URL, 'sip')
      const line = { via: 'WS raw.invalid', address: '127.0.0.1', send: (text: string) => socket.send(text), close: () => socket.close() }
      const phone = new RawPhone(credential, line)
      socket.addEventListener('message', ({ data }) => phone.#reads(String(data)))
      await once(socket, 'open')
      t.teardown(() => phone.close())
      return phone
    }
    if (wire === 'tcp') {
      const socket = connect({ port: stack.ports.sip, host: '127.0.0.1', localAddress: from })
      await once(socket, 'connect')
      const address = `${from}:${socket.localPort}`
      const send = (text: string) => void socket.write(text)
      const phone = new RawPhone(credential, { via: `TCP ${address}`, address, send, close: () => socket.destroy() })
      let unread = ''
      socket.on('error', () => undefined).on('data', (bytes) => (unread = phone.#readsStream(unread + bytes.toString('latin1'))))
      t.teardown(() => phone.close())
      return phone
    }
    const socket = createSocket('udp4')
    socket.bind(0, from)
    await once(socket, 'listening')
    const address = `${from}:${socket.address().port}`
    const send = (text: string) => socket.send(text, stack.ports.sip, '127.0.0.1')
    const phone = new RawPhone(credential, { via: `UDP ${address}`, address, send, close: () => socket.close() })
    socket.on('message', (bytes) => phone.#reads(bytes.toString('latin1')))
    t.teardown(() => phone.close())
    return phone
  }

  close(): void {
    this.#close()
  }

  /** The number of requests of this method. */
  received(method: string): number {
    return this.#asked.filter((line) => line.startsWith(`${method} `)).length
  }

  /** Sends a REGISTER, answers the challenge to it, and returns the last response. */
  async registers(registration: Registration): Promise<string> {
    const challenged = await this.#asks(registration)
    const challenge = /^WWW-Authenticate: Digest (.*)$/im.exec(challenged)?.[1]
    return challenge === undefined ? challenged : this.#asks(registration, this.#answerTo(challenge))
  }

  /** The honest Contact of this phone. */
  get contact(): string {
    return `<sip:${this.#credential.endpoint}@${this.#via.split(' ')[1]}>`
  }

  async #asks({ contacts, lines = [] }: Registration, authorization = ''): Promise<string> {
    const { endpoint } = this.#credential
    const sequence = `${(this.#sequence += 1)} REGISTER`
    this.#send(
      [
        'REGISTER sip:ramal.local SIP/2.0',
        `Via: SIP/2.0/${this.#via};rport;branch=z9hG4bK${randomBytes(8).toString('hex')}`,
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

  #answerTo(challenge: string): string {
    const { endpoint, password } = this.#credential
    const part = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? ''
    const [realm, nonce, uri] = [part('realm'), part('nonce'), 'sip:ramal.local']
    const count = 'nc=00000001, cnonce="raw", qop=auth'
    const hash = md5(`${md5(`${endpoint}:${realm}:${password}`)}:${nonce}:00000001:raw:auth:${md5(`REGISTER:${uri}`)}`)
    return `Digest username="${endpoint}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${hash}", algorithm=MD5, ${count}, opaque="${part('opaque')}"`
  }

  #readsStream(text: string): string {
    for (;;) {
      const head = text.indexOf('\r\n\r\n') + 4
      if (head < 4) return text
      const length = head + Number(/^Content-Length: *(\d+)/im.exec(text.slice(0, head))?.[1] ?? 0)
      if (text.length < length) return text
      this.#reads(text.slice(0, length))
      text = text.slice(length).replace(/^(\r\n)+/, '')
    }
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
      this.#send([`SIP/2.0 ${status}`, ...kept, `${to};tag=raw`, 'Content-Length: 0\r\n\r\n'].join('\r\n'))
    if (first.startsWith('OPTIONS')) return answers('200 OK')
    answers('180 Ringing')
    answers('486 Busy Here')
  }
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}
