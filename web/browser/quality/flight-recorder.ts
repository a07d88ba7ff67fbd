export type EntryFacts = Record<string, string | number | boolean | null>

export interface Entry {
  /** Date.now */
  at: number
  kind: string
  facts: EntryFacts
}

const keptMs = 10 * 60_000
const keptEntries = 1200

/**
 * The last ten minutes of the phone, in memory only, for a report that the agent may send. Whoever notes writes states and
 * numbers: no password, no SDP, nothing that was typed.
 */
export class FlightRecorder {
  readonly #clock: () => number
  #entries: Entry[] = []

  constructor(clock: () => number = Date.now) {
    this.#clock = clock
  }

  note(kind: string, facts: EntryFacts = {}): void {
    this.#entries.push({ at: this.#clock(), kind, facts })
    if (this.#entries.length > keptEntries) this.#entries.shift()
  }

  entries(): readonly Entry[] {
    const oldest = this.#clock() - keptMs
    this.#entries = this.#entries.filter(({ at }) => at >= oldest)
    return this.#entries
  }
}
