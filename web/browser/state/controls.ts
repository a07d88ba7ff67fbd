/** What a person does with the phone, from whichever tab: the tab that owns the phone acts, any other passes it on. */
export interface Controls {
  start(): void
  tryNow(): void
  mute(): void
  hold(): void
  /** Pauses the recording, or lets it go on. */
  record(): void
  hangup(): void
  /** Takes the call that is offered, or lets it ring elsewhere. */
  answer(): void
  decline(): void
  /** A colleague is asked first, while the lead waits. */
  consult(): void
  /** The end of a consultation: the colleague takes the lead, or this agent goes back to them. */
  complete(): void
  back(): void
  press(digits: string): void
  /** Digits, perhaps a plus in front; `typed` is how the person wrote it. */
  dial(number: string, typed: string): void
  /** Places the call of a call button, and brings the site's answer to it. */
  place(order: CallOrder): Promise<Response>
}

/** The request of a call button. Plain values: it may cross from one tab to another. */
export interface CallOrder {
  /** The name on the button. */
  whom: string
  path: string
  headers: [string, string][]
  body: string
}
