import { AgiError } from './agi-error.ts'
import type { AgiRequest } from './agi-request.ts'
import { answerLine } from './answer.ts'
import { getFullVariableLine } from './command.ts'
import type { AgiConnection } from './connection.ts'
import { endpointOf, type Environment } from './environment.ts'

/**
 * A request on its connection. It keeps the answer until the script has finished, and what the log needs if the script fails.
 *
 * The dialplan asks from a channel of its own (dialplan/ask.conf). The first three arguments, which a caller cannot set, are the
 * call's channel, its unique id, and the time of the event.
 */
export class AgiSession implements AgiRequest {
  readonly script: string
  readonly endpoint: string | null
  readonly channel: string
  readonly uniqueId: string
  /** By the wall clock, in ms; null if the dialplan sent no time. */
  readonly askedAtMs: number | null
  readonly #arguments: readonly string[]
  readonly #connection: AgiConnection
  readonly #answer = new Map<string, string | number>()
  /** The answer so far. */
  #answerLine: string | null = null
  readonly #received = new Map<string, string | null>()

  constructor(connection: AgiConnection, environment: Environment) {
    const [channel = '', uniqueId = '', askedAt = '', ...rest] = environment.arguments
    this.#connection = connection
    this.script = environment.script
    this.endpoint = endpointOf(channel)
    this.channel = channel
    this.uniqueId = uniqueId
    this.askedAtMs = /^\d{13}$/.test(askedAt) ? Number(askedAt) : null
    this.#arguments = rest
  }

  argument(n: number): string {
    return this.#arguments[n - 1] ?? ''
  }

  async setVariables(values: Readonly<Record<string, string | number>>): Promise<void> {
    if (this.#connection.over) throw new AgiError('gone', `Too late to answer ${Object.keys(values).join(', ')}`)
    const answer = new Map([...this.#answer, ...Object.entries(values)])
    this.#answerLine = answerLine(answer)
    for (const [name, value] of answer) this.#answer.set(name, value)
  }

  async getFullVariable(expression: string): Promise<string | null> {
    const reply = await this.#connection.sendCommand(getFullVariableLine(expression))
    const value = reply.result === 1 && reply.value ? reply.value : null
    this.#received.set(expression, value)
    return value
  }

  get hungUp(): boolean {
    return this.#connection.hungUp
  }

  get signal(): AbortSignal {
    return this.#connection.signal
  }

  /** The line with the answer; empty if there is no answer. */
  get answer(): string[] {
    return this.#answerLine === null ? [] : [this.#answerLine]
  }

  /** The verdict of the answer; null if it has none. */
  get verdict(): string | null {
    return this.#answer.get('RAMAL_VERDICT')?.toString() ?? null
  }

  /** All data from Asterisk, so that the log has a report that could not be stored. */
  get received(): { arguments: readonly string[]; variables: Record<string, string | null> } {
    return { arguments: this.#arguments, variables: Object.fromEntries(this.#received) }
  }
}
