const everyMs = 1000

/** Alternates the title of the tab with a sentence that the agent must notice. */
export class TitleFlash {
  #timer: ReturnType<typeof setInterval> | undefined
  #sentence = ''
  #title = ''

  start(sentence: string): void {
    this.stop()
    this.#sentence = `☎ ${sentence}`
    this.#toggle()
    this.#timer = setInterval(() => this.#toggle(), everyMs)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    // A page loaded since `start` has set its own title.
    if (document.title === this.#sentence) document.title = this.#title
  }

  #toggle(): void {
    if (document.title === this.#sentence) document.title = this.#title
    else {
      this.#title = document.title
      document.title = this.#sentence
    }
  }
}
