/** A word on a call; `over` when it is that it ended. */
interface Word {
  id: string
  over: boolean
}

/**
 * Which call the panel shows: this tab's own, or the newest. Ids are random and words on older calls still come (their end,
 * their recording), so what is newer has to be told from what was seen.
 */
export class PanelHistory {
  #shown: Word | null = null
  readonly #past = new Set<string>()

  /** Whether the panel should show this word, and from then on this call. `own` is the id of this tab's own call. */
  admits(word: Word, own: string | null): boolean {
    const isNews =
      word.id === own ||
      this.#shown?.id === word.id ||
      (!this.#past.has(word.id) && (this.#shown === null || this.#shown.over || !word.over))
    if (isNews) this.#show(word)
    return isNews
  }

  /** A new call is being placed, and has no id yet: the one that is shown is history, whatever is still said of it. */
  place(): void {
    if (this.#shown) this.#past.add(this.#shown.id)
    this.#shown = null
  }

  /** A call has been asked for here. False when a word on it has been shown already. */
  begin(id: string): boolean {
    if (this.#shown?.id === id || this.#past.has(id)) return false
    this.#show({ id, over: false })
    return true
  }

  #show(word: Word): void {
    if (this.#shown && this.#shown.id !== word.id) this.#past.add(this.#shown.id)
    this.#shown = word
  }
}
