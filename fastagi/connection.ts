import type { Socket } from 'node:net'
import DingDong, { type Wrapped } from 'ding-dong/lib/context.js'
import { AgiError } from './agi-error.ts'
import { checkedLine } from './command.ts'
import { UNAVAILABLE } from './answer.ts'
import { EnvironmentParser, type Environment } from './environment.ts'
import { ReplyParser, type AgiEvent, type Reply } from './reply.ts'

/** What came first: the environment of a request, or the reason why there is none. */
export type Opening = Environment | 'malformed' | 'gone'

/** How long Asterisk may take to read our last lines and close. It needs a millisecond. */
const LINGER_MS = 1000

/**
 * One AGI connection. ding-dong provides the stream and the slot for a command in flight. We replace how it reads and sends, because
 * it loses and shifts replies, treats 510, 511 and 520 as a hang-up, and has no time-out.
 *
 * Commands go one at a time: before each line, Asterisk waits for the socket to become readable, and lines that it has already
 * buffered do not count [seen in 22.10.1]. Several lines at once work only at the end (`finish`), because the end of the stream
 * keeps the socket readable.
 */
export class AgiConnection extends DingDong {
  /** Always resolves. */
  readonly opening: Promise<Opening>
  readonly closed: Promise<void>
  /** Replies to our last lines other than 200. */
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
    // A reset is followed by 'close'. Without a listener, the error would end the process.
    this.on('error', () => undefined)
    this.once('close', () => this.#gone())
  }

  /** Whether no request has arrived yet. */
  get silent(): boolean {
    return !this.#opened
  }

  get hungUp(): boolean {
    return this.#hungUp
  }

  /** Whether no more commands can be sent: our last lines are sent, or Asterisk has closed. */
  get over(): boolean {
    return this.#over
  }

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  abort(reason: Error): void {
    this.#abort.abort(reason)
  }

  /** Rejects with an AgiError on any reply but 200. ding-dong's own command methods use it too. */
  override sendCommand(line: string): Promise<Reply> {
    const turn = this.#lastTurn.then(() => {
      if (this.#over) throw new AgiError('gone', `Too late for ${line}`)
      this.#asked = true
      return super.sendCommand(checkedLine(line)) as Promise<Reply>
    })
    this.#lastTurn = turn.catch(() => undefined)
    return turn
  }

  /** Sends our last lines in one packet and ends our side. Asterisk runs them all and then closes. */
  finish(lines: readonly string[]): void {
    if (this.#over) return
    this.#over = true
    this.#settle(() => new AgiError('gone', 'The request is over'))
    this.stream.end(lines.map((line) => `${line}\n`).join(''))
    const linger = setTimeout(() => this.#socket.destroy(), LINGER_MS)
    this.once('close', () => clearTimeout(linger))
  }

  /** Closes without waiting for Asterisk; written data is still sent. */
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
    // Before our first command, Asterisk sends only HANGUP.
    if (event.kind !== 'hangup' && !this.#asked && !this.#over) return this.#forged()
    if (event.kind === 'hangup' || (event.kind === 'refused' && event.code === 511)) this.#hungUp = true
    if (event.kind === 'reply' && event.result === -1) this.#hungUp = true
    if (event.kind === 'reply' && event.code === 200) this.#settle(null, event)
    else if (event.kind === 'reply') this.#refuse(`${event.code} result=${event.result}`)
    else if (event.kind === 'refused') this.#refuse(`${event.code} ${event.text}`)
  }

  /** Unexpected lines after the environment: a value in it held a newline. Handled like a connection that does not speak AGI. */
  #forged(): void {
    this.#open('malformed')
    this.finish(UNAVAILABLE)
    this.#abort.abort(new AgiError('gone', 'The environment was forged'))
  }

  #refuse(what: string): void {
    if (this.#over) this.refusals.push(what)
    this.#settle(() => new AgiError('refused', `Asterisk refused: ${what}`))
  }

  /** Drops a reply without a waiting command, so that it cannot answer the next one. */
  #settle(error: (() => AgiError) | null, reply?: Reply): void {
    const waiting = this.pending
    this.pending = null
    // Usually no command waits, and creating an error with its stack is the most expensive part of ending a request.
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
 * The stream that ding-dong reads and writes. ding-dong reads every property of its stream to find methods to wrap; a socket has a
 * hundred, and some call the kernel.
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
