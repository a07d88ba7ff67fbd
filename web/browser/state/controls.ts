/** The commands of the phone. The tab that owns the phone executes them; every other tab forwards them to it. */
export interface Controls {
  start(): void
  tryNow(): void
  mute(): void
  hold(): void
  /** Pauses or resumes the recording. */
  record(): void
  hangup(): void
  answer(): void
  /** Declines the offered call, which may ring on other phones. */
  decline(): void
  /** An attended transfer has started: the agent talks to a colleague while the lead waits. */
  consult(): void
  /** Completes the attended transfer: the colleague gets the lead. */
  complete(): void
  /** Ends the consultation and returns to the lead. */
  back(): void
  press(digits: string): void
  /** `number` has digits and an optional leading plus; `typed` is the agent's own text. */
  dial(number: string, typed: string): void
  /** Places the call of a call button. Resolves with the site's response. */
  place(order: CallOrder): Promise<Response>
}

/** The request of a call button. All values are plain, because one tab may send it to another. */
export interface CallOrder {
  /** The lead's name, from the button. */
  partyName: string
  path: string
  headers: [string, string][]
  body: string
}
