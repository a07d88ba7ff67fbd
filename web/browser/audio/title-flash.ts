const everyMs = 1000

/** The title of the tab in turn with a sentence that must not be missed. */
export class TitleFlash {
  #timer: ReturnType<typeof setInterval> | undefined
  #sentence = ''
  #title = ''

  start(sentence: string): void {
    this.stop()
    this.#sentence = `☎ ${sentence}`
    this.#turn()
    this.#timer = setInterval(() => this.#turn(), everyMs)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    // A page that came meanwhile has brought its own title.
    if (document.title === this.#sentence) document.title = this.#title
  }

  #turn(): void {
    if (document.title === this.#sentence) document.title = this.#title
    else {
      this.#title = document.title
      document.title = this.#sentence
    }
  }
}
