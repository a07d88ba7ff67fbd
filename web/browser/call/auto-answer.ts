/** How long after the click the phone still answers the call. */
export const autoAnswerForMs = 60_000

/**
 * Decides which INVITEs this tab answers by itself. Anyone who could make it answer could listen through its microphone. So it
 * answers only the call id from the response to its own click, soon after the click, and once.
 *
 * The INVITE may arrive before the site's response with the call id. `decide` then returns `wait`.
 */
export class AutoAnswer {
  readonly #clock: () => number
  readonly #used = new Set<string>()
  #click: { clickedAt: number } | null = null
  #expected: { callId: string; clickedAt: number } | null = null
  #settle: () => void = () => {}
  #settled: Promise<void> = Promise.resolve()

  /** `clock` returns ms and must not jump: performance.now, not Date.now. */
  constructor(clock: () => number) {
    this.#clock = clock
  }

  /** Resolves when the site has answered the current click. */
  get settled(): Promise<void> {
    return this.#settled
  }

  /**
   * A request for a call is being sent to the site; it replaces an earlier one. Call the returned function with the call id from
   * the response, or with null if the site refused. It returns false if this request was cancelled or replaced.
   */
  requested(): (callId: string | null) => boolean {
    const click = { clickedAt: this.#clock() }
    this.cancel()
    this.#click = click
    this.#settled = new Promise((resolve) => (this.#settle = resolve))
    return (callId) => {
      if (this.#click !== click) return false
      this.#click = null
      if (callId !== null) this.#expected = { callId, clickedAt: click.clickedAt }
      this.#settle()
      return true
    }
  }

  /** The agent hung up before the phone rang, or the call ended. */
  cancel(): void {
    this.#click = null
    this.#expected = null
    this.#settle()
  }

  /** What to do with an INVITE for `callId`. Returns `answer` once for each id. */
  decide(callId: string): 'answer' | 'wait' | 'reject' {
    if (callId === '' || this.#used.has(callId)) return 'reject'
    if (this.#click) return 'wait'
    const expected = this.#expected
    if (expected?.callId !== callId || this.#clock() - expected.clickedAt >= autoAnswerForMs) return 'reject'
    this.#used.add(callId)
    this.#expected = null
    return 'answer'
  }
}
