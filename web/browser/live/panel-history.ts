/** A state of a call. */
interface CallUpdate {
  id: string
  ended: boolean
}

/**
 * Decides which call the panel shows: this tab's own, or the newest. Updates of older calls still arrive (their end, their
 * recording) and ids are random, so it remembers which calls were shown before.
 */
export class PanelHistory {
  #shown: CallUpdate | null = null
  readonly #previous = new Set<string>()

  /** Whether the panel should show this update; if so, its call becomes the shown one. `ownId` is the id of this tab's call. */
  admits(update: CallUpdate, ownId: string | null): boolean {
    const isAdmitted =
      update.id === ownId ||
      this.#shown?.id === update.id ||
      (!this.#previous.has(update.id) && (this.#shown === null || this.#shown.ended || !update.ended))
    if (isAdmitted) this.#show(update)
    return isAdmitted
  }

  /** The agent requested a new call, which has no id yet. The shown call becomes a previous one. */
  callRequested(): void {
    if (this.#shown) this.#previous.add(this.#shown.id)
    this.#shown = null
  }

  /** A call of this tab got its id. Returns false if an update of it was shown already. */
  callStarted(id: string): boolean {
    if (this.#shown?.id === id || this.#previous.has(id)) return false
    this.#show({ id, ended: false })
    return true
  }

  #show(update: CallUpdate): void {
    if (this.#shown && this.#shown.id !== update.id) this.#previous.add(this.#shown.id)
    this.#shown = update
  }
}
