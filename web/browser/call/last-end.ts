import { sleep } from '../dom/sleep.ts'

/**
 * Whether the site knows that this tab's last call has ended. Until then it refuses the agent's next call, because an agent has
 * one call at a time.
 */
export class LastEnd {
  #reportedId: string | null = null
  #known: Promise<void> = Promise.resolve()
  #resolve: { id: string; known: () => void } | null = null

  /** A call of this tab ended, and the site must learn it from Asterisk. */
  ended(callId: string): void {
    if (callId === this.#reportedId) return
    this.#known = new Promise((known) => (this.#resolve = { id: callId, known }))
  }

  /** The site reported the end of a call. */
  reported(callId: string): void {
    this.#reportedId = callId
    if (this.#resolve?.id === callId) this.#resolve.known()
  }

  /** Resolves when the site has reported the last end, or after `longestMs`, because the site's events may be missing. */
  async isKnown(longestMs: number): Promise<void> {
    await Promise.race([this.#known, sleep(longestMs)])
  }
}
