import type { Socket } from 'node:net'
import DingDong, { type Wrapped } from 'ding-dong/lib/context.js'
import { AgiError } from './agi-error.ts'
import { checkedLine } from './command.ts'
import { UNAVAILABLE } from './answer.ts'
import { EnvironmentParser, type Environment } from './environment.ts'
import { ReplyParser, type AgiEvent, type Reply } from './reply.ts'

/** What came first: the question, or one of the ways there is none. */
export type Opening = Environment | 'malformed' | 'gone'

/** How long Asterisk has to take our last words and close. It needs a millisecond. */
const LINGER_MS = 1000

/**
 * One AGI connection. ding-dong brings the stream and the slot for a command in flight; what it reads and how it sends are
 * replaced, because it loses and shifts replies, takes 510, 511 and 520 for a hang-up, and waits for ever.
 *
 * Commands go one at a time: Asterisk waits for the socket to become readable before each line, and lines it has already
 * buffered do not make it so [seen in 22.10.1]. Several at once work only as the last words (`leave`), because the end of the
 * stream keeps the socket readable.
 */
export class AgiConnection extends DingDong {
  /** Settles always, and never rejects. */
  readonly opening: Promise<Opening>
  readonly closed: Promise<void>
  /** Replies to the last words that were not 200. */
  readonly refusals: string[] = []

  readonly #socket: Socket
  readonly #abort = new AbortController()
  readonly #environment = new EnvironmentParser()
  readonly #replies = new ReplyParser()
  #open: (opening: Opening) => void = () => undefined
  #opened = false
  #hungUp = false
  #over = false
  #asked = false
  #lastTurn: Promise<unknown> = Promise.resolve()

  constructor(socket: Socket) {
    super(bare(socket))
    this.#socket = socket
    this.opening = new Promise((resolve) => (this.#open = resolve))
    this.closed = new Promise((resolve) => this.once('close', () => resolve()))
    // A reset is followed by 'close'. With nobody listening it would end the process.
    this.on('error', () => undefined)
    this.once('close', () => this.#gone())
  }

  /** It has not (yet) said what it wants. */
  get silent(): boolean {
    return !this.#opened
  }

  get hungUp(): boolean {
    return this.#hungUp
  }

  /** Nothing can be said any more: our last words are out, or Asterisk is gone. */
  get over(): boolean {
    return this.#over
  }

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  abort(reason: Error): void {
    this.#abort.abort(reason)
  }

  /** Rejects with an AgiError on any reply but 200. What ding-dong's own command methods compose comes through here too. */
  override sendCommand(line: string): Promise<Reply> {
    const turn = this.#lastTurn.then(() => {
      if (this.#over) throw new AgiError('gone', `Too late for ${line}`)
      this.#asked = true
      return super.sendCommand(checkedLine(line)) as Promise<Reply>
    })
    this.#lastTurn = turn.catch(() => undefined)
    return turn
  }

  /** Our last words, in one packet, and the end of the conversation from our side. Asterisk runs them all and then closes. */
  leave(lines: readonly string[]): void {
    if (this.#over) return
    this.#over = true
    this.#settle(() => new AgiError('gone', 'The request is over'))
    this.stream.end(lines.map((line) => `${line}\n`).join(''))
    const linger = setTimeout(() => this.#socket.destroy(), LINGER_MS)
    this.once('close', () => clearTimeout(linger))
  }

  /** Ends it without waiting for the other side; what was written still goes out. */
  cut(): void {
    this.#over = true
    this.#settle(() => new AgiError('gone', 'The request was cut'))
    this.#abort.abort(new AgiError('gone', 'The request was cut'))
    this.#socket.destroySoon()
  }

  protected override read(): string {
    const chunk = this.stream.read()
    if (chunk !== null && chunk !== '') this.#take(chunk)
    return ''
  }

  #take(chunk: string): void {
    if (this.#opened) return this.#replies.push(chunk).forEach((event) => this.#heard(event))
    const progress = this.#environment.push(chunk)
    if (progress === 'more') return
    if (progress === 'malformed') return this.#open('malformed')
    this.#opened = true
    this.#open(progress.environment)
    if (progress.rest !== '') this.#take(progress.rest)
  }

  #heard(event: AgiEvent): void {
    if (event.kind === 'overflow') return void this.#socket.destroy()
    // Asterisk says nothing but HANGUP before our first command.
    if (event.kind !== 'hangup' && !this.#asked && !this.#over) return this.#forged()
    if (event.kind === 'hangup' || (event.kind === 'refused' && event.code === 511)) this.#hungUp = true
    if (event.kind === 'reply' && event.result === -1) this.#hungUp = true
    if (event.kind === 'reply' && event.code === 200) this.#settle(null, event)
    else if (event.kind === 'reply') this.#refuse(`${event.code} result=${event.result}`)
    else if (event.kind === 'refused') this.#refuse(`${event.code} ${event.text}`)
  }

  /** Lines after the end of the environment that nobody asked for: a value in it held a newline. Answered like no AGI at all. */
  #forged(): void {
    this.#open('malformed')
    this.leave(UNAVAILABLE)
    this.#abort.abort(new AgiError('gone', 'The environment was forged'))
  }

  #refuse(what: string): void {
    if (this.#over) this.refusals.push(what)
    this.#settle(() => new AgiError('refused', `Asterisk refused: ${what}`))
  }

  /** A reply that nobody waits for is dropped, so that it cannot answer the next command. */
  #settle(error: (() => AgiError) | null, reply?: Reply): void {
    const waiting = this.pending
    this.pending = null
    // Mostly nobody waits, and an error, with its stack, would cost more than all else at a request's end.
    waiting?.(error?.() ?? null, reply)
  }

  #gone(): void {
    this.#open('gone')
    const unexpected = !this.#over
    this.#over = true
    this.#settle(() => new AgiError('gone', 'Asterisk closed the connection'))
    if (unexpected) this.#abort.abort(new AgiError('gone', 'Asterisk closed the connection'))
  }
}

/**
 * What ding-dong reads from and writes to. Its stream looks at every property of what it is given, for methods to pass on: of a
 * socket that is a hundred, and some of them ask the kernel.
 */
function bare(socket: Socket): Wrapped {
  return {
    on: (event, listener) => socket.on(event, listener),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    write: (text) => socket.write(text),
    end: (text) => (text === undefined ? socket.end() : socket.end(text)),
  }
}
