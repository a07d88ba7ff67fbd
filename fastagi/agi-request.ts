/** One request of the dialplan, as a script sees it. Channel, endpoint and unique id belong to the channel that asks. */
export interface AgiRequest {
  readonly script: string
  /** The PJSIP endpoint of the asking channel (`acme-101`); null for another kind of channel. */
  readonly endpoint: string | null
  readonly channel: string
  readonly uniqueId: string
  /** When the event happened, by the wall clock in ms; null if the dialplan sent no time. */
  readonly askedAtMs: number | null
  /** The nth argument, from 1; '' if there is none. */
  argument(n: number): string
  /**
   * Sets channel variables of the answer. Asterisk gets them together, in this order, when the script returns, and none of a
   * script that throws or is late. Rejects with a RangeError for a value that Asterisk would not accept, and with an
   * AgiError (`gone`) if the request is over.
   */
  setVariables(values: Readonly<Record<string, string | number>>): Promise<void>
  /**
   * Evaluates `expression` (`${HANGUPCAUSE}`) in the dialplan; null if the result is empty. One round trip each: arguments are
   * cheaper. Not for text that people typed: Asterisk does not escape it.
   */
  getFullVariable(expression: string): Promise<string | null>
  /** The channel hung up while the script ran. The script should finish its work, and can still read and set variables. */
  readonly hungUp: boolean
  /** Aborts when the request is late or Asterisk closes the connection: Asterisk no longer waits for the answer. */
  readonly signal: AbortSignal
}
