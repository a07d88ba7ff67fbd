/** How long after its click a call may still ring here. */
export const autoAnswerForMs = 60_000

/**
 * Which calls this tab has asked for. A phone that answers by itself is a microphone that anybody could open, so only the
 * id that came back from this tab's own click is answered, soon after the click, and once.
 *
 * Asterisk can be faster than the site: the INVITE of a click may come before the response that says its id. `claim` then
 * says `wait`.
 */
export class AutoAnswer {
  readonly #clock: () => number
  readonly #used = new Set<string>()
  #click: { askedAt: number } | null = null
  #expected: { callId: string; askedAt: number } | null = null
  #settle: () => void = () => {}
  #settled: Promise<void> = Promise.resolve()

  /** `clock` gives ms and must not jump: performance.now, not Date.now. */
  constructor(clock: () => number) {
    this.#clock = clock
  }

  /** Resolves when the site has answered the click that is under way. */
  get settled(): Promise<void> {
    return this.#settled
  }

  /**
   * A click is on its way to the site; a new one puts the one before out of mind. Returns what to call with the site's
   * answer: the id of the call, or null when there will be none. That gives false when nobody waits for it any more.
   */
  asked(): (callId: string | null) => boolean {
    const click = { askedAt: this.#clock() }
    this.withdrawn()
    this.#click = click
    this.#settled = new Promise((resolve) => (this.#settle = resolve))
    return (callId) => {
      if (this.#click !== click) return false
      this.#click = null
      if (callId !== null) this.#expected = { callId, askedAt: click.askedAt }
      this.#settle()
      return true
    }
  }

  /** The agent has hung up before the phone rang, or the call is over. */
  withdrawn(): void {
    this.#click = null
    this.#expected = null
    this.#settle()
  }

  /** What to do with an INVITE that carries `callId`. `answer` is said once for an id. */
  claim(callId: string): 'answer' | 'wait' | 'reject' {
    if (callId === '' || this.#used.has(callId)) return 'reject'
    if (this.#click) return 'wait'
    const expected = this.#expected
    if (expected?.callId !== callId || this.#clock() - expected.askedAt >= autoAnswerForMs) return 'reject'
    this.#used.add(callId)
    this.#expected = null
    return 'answer'
  }
}
