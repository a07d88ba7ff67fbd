const voice = 0.4
const forgottenAfterMs = 4000

/** Tells that somebody talks into a microphone that is muted: not at a knock, and not for long after the last word. */
export class TalkingWhileMuted {
  #voices: number[] = []

  /** `level` is what the microphone hears now, `now` steady milliseconds. */
  heard(level: number, muted: boolean, now: number): boolean {
    this.#voices = muted ? this.#voices.filter((at) => now - at < forgottenAfterMs) : []
    if (muted && level > voice) this.#voices.push(now)
    return this.#voices.length >= 2
  }
}
