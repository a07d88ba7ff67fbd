/** One question of the dialplan, as a script sees it. Channel, endpoint and unique id are those of the channel whose question it is. */
export interface AgiRequest {
  readonly script: string
  /** The PJSIP endpoint of the asking channel (`acme-101`); null when it is another kind of channel. */
  readonly endpoint: string | null
  readonly channel: string
  readonly uniqueId: string
  /** The moment of which the question tells: what the wall clock said then, in ms; null when the dialplan did not say. */
  readonly askedAtMs: number | null
  /** The nth argument, from 1; '' when there is none. */
  argument(n: number): string
  /**
   * Channel variables of the answer. They reach Asterisk together, in this order, when the script returns; a script that
   * throws or is late leaves none behind. Rejects with a RangeError what Asterisk would not take, and with an AgiError
   * (`gone`) when it is too late.
   */
  setVariables(values: Readonly<Record<string, string | number>>): Promise<void>
  /**
   * What the dialplan would make of `expression` (`${HANGUPCAUSE}`); null when that is empty. One round trip each:
   * arguments are cheaper. Not for text that people typed: Asterisk does not escape it.
   */
  getFullVariable(expression: string): Promise<string | null>
  /** The channel was hung up while this ran. Variables can still be read and set, and the script should still do its work. */
  readonly hungUp: boolean
  /** Aborts when the request is late or Asterisk closes the connection: nobody waits for the answer any more. */
  readonly signal: AbortSignal
}
