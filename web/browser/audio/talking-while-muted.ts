const voiceLevel = 0.4
const windowMs = 4000

/** Detects that the agent talks while muted: two loud readings within four seconds, because one may be a knock. */
export class TalkingWhileMuted {
  #loudAt: number[] = []

  /** `level` is the level of the microphone at `now`, which is in ms of a clock that does not jump. */
  update(level: number, muted: boolean, now: number): boolean {
    this.#loudAt = muted ? this.#loudAt.filter((at) => now - at < windowMs) : []
    if (muted && level > voiceLevel) this.#loudAt.push(now)
    return this.#loudAt.length >= 2
  }
}
