import { AgiError } from './agi-error.ts'
import type { AgiRequest } from './agi-request.ts'
import { getFullVariableLine, setVariableLine } from './command.ts'
import type { AgiConnection } from './connection.ts'
import type { Environment } from './environment.ts'

/** A request on its connection: keeps the answer until the script is through, and what a log needs if it never is. */
export class AgiSession implements AgiRequest {
  readonly script: string
  readonly endpoint: string | null
  readonly channel: string
  readonly uniqueId: string
  readonly #arguments: readonly string[]
  readonly #connection: AgiConnection
  readonly #answer = new Map<string, string>()
  #verdict: string | null = null
  readonly #told = new Map<string, string | null>()

  constructor(connection: AgiConnection, environment: Environment) {
    this.#connection = connection
    this.script = environment.script
    this.endpoint = environment.endpoint
    this.channel = environment.channel
    this.uniqueId = environment.uniqueId
    this.#arguments = environment.arguments
  }

  argument(n: number): string {
    return this.#arguments[n - 1] ?? ''
  }

  async setVariables(values: Readonly<Record<string, string | number>>): Promise<void> {
    if (this.#connection.over) throw new AgiError('gone', `Too late to answer ${Object.keys(values).join(', ')}`)
    const lines = Object.entries(values).map(([name, value]) => [name, setVariableLine(name, value)] as const)
    for (const [name, line] of lines) this.#answer.set(name, line)
    if (values['RAMAL_VERDICT'] !== undefined) this.#verdict = String(values['RAMAL_VERDICT'])
  }

  async getFullVariable(expression: string): Promise<string | null> {
    const reply = await this.#connection.sendCommand(getFullVariableLine(expression))
    const value = reply.result === 1 && reply.value ? reply.value : null
    this.#told.set(expression, value)
    return value
  }

  get hungUp(): boolean {
    return this.#connection.hungUp
  }

  get signal(): AbortSignal {
    return this.#connection.signal
  }

  /** The lines that carry the answer. */
  get answer(): string[] {
    return [...this.#answer.values()]
  }

  /** The verdict of that answer; null when it has none. */
  get verdict(): string | null {
    return this.#verdict
  }

  /** All that Asterisk has told, so that a report that could not be stored can be found in the log. */
  get told(): { arguments: readonly string[]; variables: Record<string, string | null> } {
    return { arguments: this.#arguments, variables: Object.fromEntries(this.#told) }
  }
}
