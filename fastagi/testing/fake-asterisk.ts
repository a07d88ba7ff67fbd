import { createConnection, type Socket } from 'node:net'

/** The channel that the request is about. */
export interface FakeChannel {
  channel?: string
  uniqueId?: string
  callerId?: string
  callerIdName?: string
  context?: string
  extension?: string
  language?: string
  accountCode?: string
  /** The time of the event, by the wall clock in ms; none by default. */
  askedAtMs?: number
  /** What GET FULL VARIABLE finds: `{ HANGUPCAUSE: '16', 'CHANNEL(state)': 'Up' }`. */
  variables?: Record<string, string>
}

/** How this Asterisk misbehaves. */
export interface FakeTrouble {
  /** Every byte is a packet. */
  byteByByte?: boolean
  /** The channel was already hung up: a hangup handler asks. */
  dead?: boolean
  /** `HANGUP` comes before the reply to this command (0 = right after the environment). */
  hangsUpAtCommand?: number
  /** Instead of Asterisk's own reply; `reset` and `close` end the connection, `silence` never replies. */
  replies?: (line: string) => string | { instead: 'reset' | 'close' | 'silence' } | undefined
}

/** What the dialplan gets. */
export interface AgiRun {
  status: 'SUCCESS' | 'FAILURE' | 'HANGUP'
  /** Set by the script, un-escaped as Asterisk does it, and taken apart as dialplan/ask.conf does it. */
  variables: Record<string, string>
  /** Every line that was run, in order. */
  commands: string[]
  ms: number
}

/** An Asterisk 22 that runs `AGI(agi://127.0.0.1:<port>/<script>,<args>)`. */
export function fakeAsterisk(port: number): {
  runs: (script: string, args?: readonly string[], asking?: FakeChannel & FakeTrouble) => Promise<AgiRun>
} {
  return { runs: (script, args = [], asking = {}) => new FakeRun(port, script, args, asking).result }
}

/** No test waits longer; Asterisk has no time-out. */
const PATIENCE_MS = 60_000

class FakeRun {
  readonly result: Promise<AgiRun>
  readonly #socket: Socket
  readonly #asking: FakeChannel & FakeTrouble
  readonly #run: AgiRun = { status: 'SUCCESS', variables: {}, commands: [], ms: 0 }
  #dead: boolean
  #kernel = ''
  #stdio = ''
  #ended = false
  #finished = false
  #saying: Promise<void> = Promise.resolve()

  constructor(port: number, script: string, args: readonly string[], asking: FakeChannel & FakeTrouble) {
    this.#asking = asking
    this.#dead = asking.dead ?? false
    const socket = createConnection({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
    this.#socket = socket.setEncoding('utf8')
    socket.on('connect', () => {
      this.#say(environment(port, script, args, asking).join('\n') + '\n')
      if (asking.hangsUpAtCommand === 0) this.#hangUp()
    })
    socket.on('data', (chunk: string) => {
      this.#kernel += chunk
      this.#poll()
    })
    socket.on('end', () => {
      this.#ended = true
      this.#poll()
    })
    this.result = this.#untilClosed(script)
  }

  #untilClosed(script: string): Promise<AgiRun> {
    const began = performance.now()
    return new Promise((resolve, reject) => {
      const patience = setTimeout(() => {
        reject(new Error(`${script}: the AGI server neither answered nor closed after: ${this.#run.commands.join(' / ')}`))
        this.#socket.destroy()
      }, PATIENCE_MS)
      this.#socket.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNREFUSED') this.#run.status = 'FAILURE'
      })
      this.#socket.on('close', () => {
        clearTimeout(patience)
        if (this.#run.status === 'SUCCESS' && this.#dead && !this.#asking.dead) this.#run.status = 'HANGUP'
        resolve({ ...this.#run, ms: performance.now() - began })
      })
    })
  }

  /**
   * run_agi() in res_agi.c: wait until the socket is readable, then fgets() one line. What stdio has already buffered does not
   * make the socket readable, so commands sent together stall after the first, unless the stream ends behind them.
   */
  #poll(): void {
    while (!this.#finished && (this.#kernel !== '' || this.#ended)) {
      if (!this.#stdio.includes('\n')) {
        this.#stdio += this.#kernel
        this.#kernel = ''
      }
      const end = this.#stdio.indexOf('\n')
      if (end === -1) {
        if (this.#ended) this.#finish()
        return
      }
      const line = this.#stdio.slice(0, end)
      this.#stdio = this.#stdio.slice(end + 1)
      this.#command(line)
    }
  }

  #command(line: string): void {
    this.#run.commands.push(line)
    if (/^failure/i.test(line)) {
      this.#run.status = 'FAILURE'
      return this.#finish()
    }
    if (this.#run.commands.length === this.#asking.hangsUpAtCommand) this.#hangUp()
    const reply = this.#asking.replies?.(line) ?? this.#replyTo(parseArgs(line))
    if (typeof reply === 'string') return this.#say(reply)
    if (reply.instead === 'reset') this.#socket.resetAndDestroy()
    if (reply.instead === 'close') this.#socket.destroy()
    this.#finished = reply.instead !== 'silence'
  }

  #replyTo(words: string[]): string {
    const command = words.join(' ').toLowerCase()
    if (command.startsWith('set variable ')) {
      const [, , name, value] = words
      if (words.length !== 4 || name === undefined || value === undefined) return usage('Sets a variable to the current channel.')
      Object.assign(this.#run.variables, name === 'RAMAL_ANSWER' ? factsOf(value) : { [name]: value })
      return '200 result=1\n'
    }
    if (command.startsWith('get full variable ')) return `200 result=1 (${this.#substitute(words[3] ?? '')})\n`
    if (command === 'noop') return '200 result=0\n'
    if (command !== 'answer') return '510 Invalid or unknown command\n'
    return this.#dead ? '511 Command Not Permitted on a dead channel or intercept routine\n' : '200 result=0\n'
  }

  #substitute(expression: string): string {
    return expression.replace(/\$\{([^}]*)\}/g, (_, name: string) => this.#run.variables[name] ?? this.#asking.variables?.[name] ?? '')
  }

  #hangUp(): void {
    this.#dead = true
    this.#say('HANGUP\n')
  }

  /** A HANGUP, needed or not, is the last thing that Asterisk says. */
  #finish(): void {
    this.#finished = true
    this.#say('HANGUP\n')
    void this.#saying.then(() => this.#socket.end())
  }

  #say(text: string): void {
    const packets = this.#asking.byteByByte ? [...Buffer.from(text)].map((byte) => Buffer.of(byte)) : [text]
    for (const packet of packets) {
      this.#saying = this.#saying.then(() => new Promise((resolve) => this.#socket.write(packet, () => resolve())))
    }
  }
}

/** In the order of Asterisk 22.10.1. */
function environment(serverPort: number, script: string, args: readonly string[], asking: FakeChannel): string[] {
  const values = {
    network: 'yes',
    network_script: script,
    request: `agi://127.0.0.1:${serverPort}/${script}`,
    channel: `Local/${script}@asking-0000001a;2`,
    language: asking.language ?? 'en',
    type: 'Local',
    uniqueid: '1795335443.9',
    version: '22.10.1',
    callerid: asking.callerId ?? 'unknown',
    calleridname: asking.callerIdName ?? 'unknown',
    callingpres: '67',
    callingani2: '0',
    callington: '0',
    callingtns: '0',
    dnid: 'unknown',
    rdnis: 'unknown',
    context: asking.context ?? 'asking',
    extension: asking.extension ?? script,
    priority: '2',
    enhanced: '0.0',
    accountcode: asking.accountCode ?? '',
    threadid: '140058052765376',
  }
  const asker = [asking.channel ?? 'PJSIP/acme-101-0000001a', asking.uniqueId ?? '1795335443.1', String(asking.askedAtMs ?? '')]
  return [
    ...Object.entries(values).map(([name, value]) => `agi_${name}: ${value}`),
    ...[...asker, ...args].map((value, n) => `agi_arg_${n + 1}: ${value}`),
    '',
  ]
}

function factsOf(answer: string): Record<string, string> {
  return Object.fromEntries(answer.split('&').map((fact) => [fact.split('=')[0] ?? '', fact.slice(fact.indexOf('=') + 1)]))
}

/** parse_args() in res_agi.c. */
function parseArgs(line: string): string[] {
  const words: string[] = []
  let word: string | null = null
  let quoted = false
  let escaped = false
  for (const character of line) {
    if (character === '"' && !escaped) {
      quoted = !quoted
      if (quoted) word ??= ''
    } else if ((character === ' ' || character === '\t') && !quoted && !escaped) {
      if (word !== null) words.push(word)
      word = null
    } else if (character === '\\' && !escaped) {
      escaped = true
      continue
    } else {
      word = (word ?? '') + character
    }
    escaped = false
  }
  return word === null ? words : [...words, word]
}

function usage(text: string): string {
  return `520-Invalid command syntax.  Proper usage follows:\n${text}\n520 End of proper usage.\n`
}
