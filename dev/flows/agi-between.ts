import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { Test } from 'tap'

/** What becomes of a question on its way to the AGI server, or of the answer on its way back. */
export type Way =
  | 'pass on'
  /** The connection is taken, and nothing is ever said. */
  | 'silent'
  | 'half an answer'
  /** The connection is closed without a word. */
  | 'close'
  | 'reset'
  /** The AGI server answers, and the connection is closed without that. */
  | 'lose the answer'
  /** The AGI server answers, and the answer comes after these milliseconds. */
  | { heldMs: number }
  /** Passed on after this is done. */
  | { after: () => Promise<void> | void }

export interface Question {
  script: string
  /** The channel whose question it is. */
  asker: string
  uniqueId: string
  args: string[]
  /** The agent's channel of the call that it is about, where that was authorised through here; else the asker. */
  agent: string
  /** By performance.now(). */
  askedAt: number
  way: Way
  /** The connection is closed: null = not yet. */
  overAt: number | null
  /** Asterisk closed it, and not this side. */
  givenUp: boolean
}

/** Null leaves a question to the rules before. `nth` counts, from 1, how often this was asked about this call. */
export type Rule = (question: Question, nth: number) => Way | null

/** Stands between Asterisk and an AGI server. Passes everything on until it is told otherwise. */
export class AgiBetween {
  readonly questions: Question[] = []
  readonly #rules: Rule[] = []
  readonly #sockets = new Set<Socket>()
  /** Call ids, and the channels that they were given to. */
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

  static async before(t: Pick<Test, 'teardown'>, agiPort: number): Promise<AgiBetween> {
    const between = new AgiBetween(agiPort)
    await once(between.#server.listen(0, '127.0.0.1'), 'listening')
    t.teardown(() => {
      between.#server.close()
      between.letGo()
    })
    return between
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** The newest rule is asked first. */
  rule(rule: Rule): void {
    this.#rules.unshift(rule)
  }

  /** Questions of one name, of channels or calls that are named so. */
  asked(script: string, by = ''): Question[] {
    return this.questions.filter((question) => question.script === script && concerns(question, by))
  }

  /** Ends the connections that are still open. */
  letGo(): void {
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
    if (way === 'half an answer') return void socket.write('SET VARIABLE RAMAL_ANS')
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
      // What Asterisk still says is read by nobody else.
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

/** Whether a question is of a channel or a call that is named so. */
export function concerns({ asker, agent, args }: Question, name: string): boolean {
  return [asker, agent, ...args].some((each) => each.includes(name))
}

/** All up to the empty line after the environment, or up to the first line of an answer; null when it ends before. */
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
