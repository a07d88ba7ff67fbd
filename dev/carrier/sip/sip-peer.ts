import { randomBytes } from 'node:crypto'
import type { Test } from 'tap'
import { until } from '../../flows/until.ts'
import { digestAnswer, type Account } from './digest.ts'
import { sdp, type Codec } from './sdp.ts'
import { SipCall } from './sip-call.ts'
import { SipMessage, tagOf, userOf } from './sip-message.ts'
import { tcpWire, udpWire, type SipWire } from './sip-wire.ts'
import { Sound } from './sound.ts'

export interface Placing {
  /** The request URI, and the To header unless `to` has another. */
  uri: string
  to?: string
  from: string
  headers?: readonly (readonly [string, string])[]
  codecs?: readonly Codec[]
}

/**
 * A SIP peer whose every step a test decides, with sound both ways: an odd carrier, or a desk phone. Unlike the carrier of
 * dev/carrier/etc, it can break the rules, as carriers do.
 */
export class SipPeer {
  readonly #wire: SipWire
  readonly #account: Account | null
  readonly #calls = new Map<string, SipCall>()
  readonly #waiting: SipCall[] = []
  readonly #responses: SipMessage[] = []
  readonly #sounds: Sound[] = []
  /** Numbers to which this peer gives no sign of life, and numbers that it rejects at once. */
  readonly deafTo = new Set<string>()
  readonly rejects = new Map<string, number>()
  /** By Call-ID: Asterisk repeats an INVITE over UDP. */
  readonly #invited = new Map<string, string>()

  private constructor(t: Pick<Test, 'teardown'>, wire: SipWire, account: Account | null) {
    this.#wire = wire
    this.#account = account
    wire.onText((text) => {
      if (text.trim() !== '') void this.#receives(SipMessage.parse(text))
    })
    t.teardown(() => {
      wire.close()
      for (const sound of this.#sounds) sound.close()
    })
  }

  static async carrier(
    t: Pick<Test, 'teardown'>,
    { host, port, asteriskPort }: { host: string; port: number; asteriskPort: number },
  ): Promise<SipPeer> {
    return new SipPeer(t, await udpWire(host, port, asteriskPort), null)
  }

  /** A desk phone that registers. */
  static async phone(
    t: Pick<Test, 'teardown'>,
    { host, asteriskPort, account }: { host: string; asteriskPort: number; account: Account },
  ): Promise<SipPeer> {
    const phone = new SipPeer(t, await tcpWire(host, asteriskPort), account)
    await phone.#registers(account)
    return phone
  }

  /** Waits for Asterisk's call to a number, and takes it. */
  async invited(number: string): Promise<SipCall> {
    return until(`an INVITE to ${number}`, () => {
      const at = this.#waiting.findIndex(({ invite, isOver }) => !isOver && userOf(invite.uri) === number)
      return at >= 0 && this.#waiting.splice(at, 1)[0]
    })
  }

  /** The numbers of all calls of Asterisk, in order. */
  get invitedTo(): readonly string[] {
    return [...this.#invited.values()]
  }

  /** Calls Asterisk. A phone answers the challenge. */
  async calls({ uri, to = `<${uri}>`, from, headers = [], codecs = ['alaw', 'ulaw', 'events'] }: Placing): Promise<SipCall> {
    const sound = await this.#opensSound()
    const [callId, tag] = [randomBytes(8).toString('hex'), randomBytes(4).toString('hex')]
    const body = sdp(this.#wire.host, sound.port, codecs)
    const invite = (sequence: number, more: readonly (readonly [string, string])[]) =>
      new SipMessage(
        `INVITE ${uri} SIP/2.0`,
        [
          ...this.#headers('INVITE', { callId, sequence, from: `${from};tag=${tag}`, to }),
          ['Contact', `<sip:${this.#wire.contact}>`],
          ...headers,
          ...more,
          ['Content-Type', 'application/sdp'],
        ],
        body,
      )
    const first = invite(1, [])
    if (!this.#account) return this.#places(first, sound)
    this.#wire.send(String(first))
    const challenged = await this.#response(callId, 1)
    const acknowledged = [...first.headers.filter(([name]) => /^(via|from|call-id|max-forwards)$/i.test(name))]
    this.#wire.send(String(new SipMessage(`ACK ${uri} SIP/2.0`, [...acknowledged, ['To', challenged.header('To')], ['CSeq', '1 ACK']])))
    return this.#places(invite(2, [authorization(this.#account, challenged, 'INVITE', uri)]), sound)
  }

  #places(invite: SipMessage, sound: Sound): SipCall {
    const call = new SipCall(this.#wire, invite, sound, { placed: true })
    this.#calls.set(invite.callId, call)
    this.#wire.send(String(invite))
    return call
  }

  async #registers(account: Account): Promise<void> {
    const [callId, address] = [randomBytes(8).toString('hex'), `<sip:${account.endpoint}@ramal.local>`]
    const ask = async (sequence: number, more: readonly (readonly [string, string])[]) => {
      const headers = this.#headers('REGISTER', { callId, sequence, from: `${address};tag=phone`, to: address })
      const contact = ['Contact', `<sip:${account.endpoint}@${this.#wire.contact}>`] as const
      this.#wire.send(String(new SipMessage('REGISTER sip:ramal.local SIP/2.0', [...headers, contact, ...more])))
      return this.#response(callId, sequence)
    }
    const challenged = await ask(1, [])
    const { status, start } = await ask(2, [authorization(account, challenged, 'REGISTER', 'sip:ramal.local')])
    if (status !== 200) throw new Error(`${account.endpoint} was not registered: ${start}`)
  }

  #headers(method: string, { callId, sequence, from, to }: { callId: string; sequence: number; from: string; to: string }) {
    return [
      ['Via', `SIP/2.0/${this.#wire.via};rport;branch=z9hG4bK${randomBytes(8).toString('hex')}`],
      ['From', from],
      ['To', to],
      ['Call-ID', callId],
      ['CSeq', `${sequence} ${method}`],
      ['Max-Forwards', '70'],
    ] as const
  }

  async #response(callId: string, sequence: number): Promise<SipMessage> {
    const fits = (message: SipMessage) => message.callId === callId && message.sequence === sequence && (message.status ?? 0) >= 200
    return until(`a response to ${sequence} of ${callId}`, () => this.#responses.find(fits))
  }

  async #receives(message: SipMessage): Promise<void> {
    const call = this.#calls.get(message.callId)
    if (call) return call.receives(message)
    if (message.status !== null) return void this.#responses.push(message)
    if (message.method === 'OPTIONS') return this.#answersOptions(message)
    if (message.method !== 'INVITE' || this.deafTo.has(userOf(message.uri))) return this.#notes(message)
    const sound = await this.#opensSound()
    // A repetition that came while the socket opened.
    if (this.#calls.has(message.callId)) return
    const invited = new SipCall(this.#wire, message, sound, { placed: false })
    this.#calls.set(message.callId, invited)
    this.#waiting.push(invited)
    this.#notes(message)
    invited.answers(this.rejects.get(userOf(message.uri)) ?? 100)
  }

  #notes({ method, callId, uri }: SipMessage): void {
    if (method === 'INVITE') this.#invited.set(callId, userOf(uri))
  }

  #answersOptions(request: SipMessage): void {
    const kept = request.headers.filter(([name]) => /^(via|from|call-id|cseq)$/i.test(name))
    const to = request.header('To')
    this.#wire.send(String(new SipMessage('SIP/2.0 200 OK', [...kept, ['To', tagOf(to) === '' ? `${to};tag=options` : to]])))
  }

  async #opensSound(): Promise<Sound> {
    const sound = await Sound.open(this.#wire.host)
    this.#sounds.push(sound)
    return sound
  }
}

function authorization(account: Account, challenged: SipMessage, method: string, uri: string) {
  return ['Authorization', digestAnswer(account, challenged.header('WWW-Authenticate'), method, uri)] as const
}
