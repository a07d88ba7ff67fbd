import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { Test } from 'tap'

/** What the proxy does with a question or its answer. */
export type Way =
  | 'pass on'
  /** Accepts the connection and never answers. */
  | 'silent'
  | 'half an answer'
  /** Closes the connection without an answer. */
  | 'close'
  | 'reset'
  /** The AGI server answers; the proxy drops the answer and closes the connection. */
  | 'lose the answer'
  /** The AGI server answers; the proxy delays the answer by these milliseconds. */
  | { heldMs: number }
  /** Passes the question on after this has finished. */
  | { after: () => Promise<void> | void }

/** How long the connection of half an answer stays open: longer than the dialplan waits. */
export const halfAnswerMs = 4000

export interface Question {
  script: string
  /** The channel that asks. */
  asker: string
  uniqueId: string
  args: string[]
  /** The agent's channel of the call, if the proxy saw its authorisation; else the asker. */
  agent: string
  /** By performance.now(). */
  askedAt: number
  way: Way
  /** When the connection closed; null = not yet. */
  overAt: number | null
  /** Asterisk closed the connection. */
  givenUp: boolean
}

/** Null leaves the question to the earlier rules. `nth` counts this question for this call, from 1. */
export type Rule = (question: Question, nth: number) => Way | null

/** A proxy between Asterisk and an AGI server. Passes everything on, unless a rule says otherwise. */
export class AgiProxy {
  readonly questions: Question[] = []
  readonly #rules: Rule[] = []
  readonly #sockets = new Set<Socket>()
  /** The agent's channel, by call id. */
  readonly #agents = new Map<string, string>()
  readonly #server
  readonly #agiPort: number

  private constructor(agiPort: number) {
    this.#agiPort = agiPort
    this.#server = createServer((socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
      socket.on('error', () => undefined)
      void this.#serve(socket)
    })
  }

  static async start(t: Pick<Test, 'teardown'>, agiPort: number): Promise<AgiProxy> {
    const proxy = new AgiProxy(agiPort)
    await once(proxy.#server.listen(0, '127.0.0.1'), 'listening')
    t.teardown(() => {
      proxy.#server.close()
      proxy.closeAll()
    })
    return proxy
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** The newest rule decides first. */
  rule(rule: Rule): void {
    this.#rules.unshift(rule)
  }

  /** Questions of one name; `by` is part of the name of a channel or call. */
  asked(script: string, by = ''): Question[] {
    return this.questions.filter((question) => question.script === script && concerns(question, by))
  }

  /** Closes the open connections. */
  closeAll(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async #serve(socket: Socket): Promise<void> {
    const text = await opening(socket)
    if (text === null) return
    const question = this.#read(text)
    const nth = this.questions.filter(({ script, agent }) => script === question.script && agent === question.agent).length + 1
    question.way = this.#rules.map((rule) => rule(question, nth)).find((way) => way !== null) ?? 'pass on'
    this.questions.push(question)
    socket.once('end', () => (question.givenUp = true))
    socket.once('close', () => (question.overAt = performance.now()))
    await this.#treat(socket, text, question)
  }

  async #treat(socket: Socket, text: string, question: Question): Promise<void> {
    const { way } = question
    if (way === 'silent') return
    if (way === 'half an answer') {
      socket.write('SET VARIABLE RAMAL_ANS')
      // Asterisk reads on without a pause, although its dialplan gives up after 3 s.
      return void setTimeout(() => socket.destroy(), halfAnswerMs).unref()
    }
    if (way === 'close') return void socket.destroySoon()
    if (way === 'reset') return void socket.resetAndDestroy()
    if (typeof way === 'object' && 'after' in way) await way.after()
    const server = connect(this.#agiPort, '127.0.0.1')
    server.on('error', () => socket.destroy())
    server.write(text)
    server.on('data', (answer: Buffer) => this.#note(question, answer.toString()))
    if (way === 'pass on' || (typeof way === 'object' && 'after' in way)) {
      socket.pipe(server)
      server.pipe(socket)
      // Drain what Asterisk still sends.
      server.once('close', () => socket.resume())
      return
    }
    const answer = await opening(server, '\n')
    server.destroy()
    if (way === 'lose the answer') return void socket.destroySoon()
    await pause(way.heldMs)
    if (socket.writable) socket.end(answer ?? '')
  }

  #note({ script, asker }: Question, answer: string): void {
    const callId = /RAMAL_CALL=([0-9a-f]{32})/.exec(answer)?.[1]
    if (callId !== undefined && script === 'authorize') this.#agents.set(callId, asker)
  }

  #read(text: string): Question {
    const value = (name: string) => new RegExp(`^agi_${name}: (.*)$`, 'm').exec(text)?.[1] ?? ''
    const args = Array.from(text.matchAll(/^agi_arg_\d+: (.*)$/gm), ([, arg = '']) => arg)
    const [asker = '', uniqueId = '', , ...rest] = args
    const script = value('network_script')
    const agent = this.#agents.get(rest[0] ?? '') ?? asker
    return { script, asker, uniqueId, args: rest, agent, askedAt: performance.now(), way: 'pass on', overAt: null, givenUp: false }
  }
}

/** Whether `name` is part of the question's channel or call. */
export function concerns({ asker, agent, args }: Question, name: string): boolean {
  return [asker, agent, ...args].some((each) => each.includes(name))
}

/** Reads the environment up to its empty line, or the first line of an answer; null if the connection ends before. */
async function opening(socket: Socket, end = '\n\n'): Promise<string | null> {
  let text = ''
  return new Promise((resolve) => {
    socket.once('close', () => resolve(null))
    const take = (chunk: Buffer) => {
      text += chunk.toString()
      if (!text.includes(end)) return
      socket.off('data', take)
      resolve(text)
    }
    socket.on('data', take)
  })
}
